-- Tell the statement wall_make_role, until the end of the transaction: $1 role, $2 login (null: the
-- one that asks).
SELECT set_config('enquiry.role', $1, true),
    set_config('enquiry.login', coalesce($2, current_user::text), true)
