#!/usr/bin/env bash
# Installs from Debian what the tests of the real thing need, where it is missing. Where that is refused it says so in one
# line and goes on: the tests concerned are skipped then, and fail where CI=true.
set -u
cd "$(dirname "$0")"
declare -A package=([dovecot]=dovecot-imapd [/usr/lib/dovecot/lmtp]=dovecot-lmtpd [postfix]=postfix [chromium]=chromium)
missing=()
for program in "${!package[@]}"; do
    PATH="$PATH:/usr/sbin" command -v "$program" >/dev/null || missing+=("${package[$program]}")
done
# Debian keeps PostgreSQL's programs by version, none of them on the PATH.
compgen -G "/usr/lib/postgresql/*/bin/postgres" >/dev/null || missing+=(postgresql)
[ ${#missing[@]} = 0 ] && exit 0
echo "Installing ${missing[*]} from Debian for the tests."
log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
if ! { ./as-root.sh apt-get update && ./as-root.sh apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    echo "Not installed: ${missing[*]} ($(tail -n 1 "$log")). The tests that need them are skipped, and fail where CI=true."
fi
rm -f "$log"
exit 0
