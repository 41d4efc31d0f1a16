-- Whether anything has ever been applied here.
SELECT to_regclass('migrations') IS NOT NULL
