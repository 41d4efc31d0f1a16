-- create_database: make the owner's database.
CREATE DATABASE enquiry OWNER enquiry;
