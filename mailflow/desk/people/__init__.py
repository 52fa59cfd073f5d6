"""Who is at the desk: signing in, one's own account, who may do what, and whether all is well."""
