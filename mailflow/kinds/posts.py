"""The posts that a unit has one of, or few, as patterns; a "driver", a "head" or a "chair" by itself is mostly something else."""

from mailflow.kinds.phrases import one_of

POST = one_of(
    r"""
    (?:vice-|deputy |assistant |acting )?(?:dean|chancellor|president|principal|provost|rector|captain|bursar|registrar)
    (?:chaplain|rabbi|imam|orator|warden|sub-?warden|porter|steward|caretaker|cook|chef|verger|sexton|beadle|vicar|priest)
    (?:treasurer|secretary|sec|convenor|convener|rep|skipper|cox|goalie|bosun|timekeeper|accompanist|conductor)
    (?:drummer|tenor|soprano|(?:first|second|third|chief) mate|colonel|controller|\w{3,30}(?:keeper|master|minder))
    (?:clerk|administrator|receptionist|technician|storekeeper|storeman|intern|apprentice|timetabler|librarian)
    (?:archivist|curator|conservator|matron|consultant|physio|surgeon|anaesthetist|therapist|midwife|pharmacist)
    (?:PIs?|CTO|CEO|COO|HoD|boss|professor|groundsman|gardener|organist|advis[eo]r|co-?ordinator)
    (?:director|leader|assessor|examiner|trustee|founder|(?:technical|project|team|section|theme|shift) lead|base leader)
    (?:(?:lab|stage) tech|(?:field|gallery|studio|research|night|lab|shop|care) assistant|section head|head of [\w-]{1,30})
    (?:(?:session|panel|union|branch) chair|(?:guest|keynote|invited) speaker|(?:course|admissions) tutor)
    visiting (?:fellow|professor|scholar|lecturer|student)
    (?!(?:the|an?|my|our|his|her|their|your|when|actual|real|same|then|own|and|for|told|but|as)\s)\w{2,30} (?:manager|sister)
    (?:supervisors?|postdocs?|officer|foreman|housekeeper|lodger|cleaner|nurse|new starter)
    (?:bus|van|minibus|delivery) driver
    """
)
# What is a post where it is ours: "our coach", "the University's falconer", "our boilerman".
OF_OURS = one_of(
    r"""
    (?:manager|speaker|coach|driver|reader|master|tutor|chair|marshal|umpire|referee|tenor|soprano|lead)
    \w{2,30}(?:keeper|master|ologist|ician|arian|onist|anist|enist|iner|oner|maker|smith|tender|worker|woman|man|person)
    (?:planner|trainer|grower|helper|designer|fitter|joiner|plumber|painter|welder|farmer|fisher|diver|glazier)
    """
)
UNIT = r"(?:\s(?:of|in|for|with|on|off)\s(?:the\s)?(?-i:[A-Z])[\w’'-]{1,30}(?:\s(?:and\s)?(?-i:[A-Z])[\w’'-]{1,30}){0,2})"
