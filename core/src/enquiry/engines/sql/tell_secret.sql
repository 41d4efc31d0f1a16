-- tell_secret: hold the password of the owner ($1) for the statement ensure_owner of this session.
SELECT set_config('enquiry.secret', $1, false);
