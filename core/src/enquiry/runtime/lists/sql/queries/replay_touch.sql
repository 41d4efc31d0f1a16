-- Watch one table of a scratch schema by its key.
CREATE TRIGGER "remember touch" AFTER INSERT OR UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION "remember touch" ({keys})
