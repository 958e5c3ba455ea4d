-- Whether the database can be written to, looked at by writing.
CREATE TABLE "write_probe" ("filling" bytea NOT NULL);
ALTER TABLE "write_probe" ALTER COLUMN "filling" SET STORAGE EXTERNAL;
COMMENT ON TABLE "write_probe" IS 'Emptied and filled again by whoever looks whether the database can be written to: each time new disk space is taken. Holds nothing.';
