-- 1 where a person decided that a line is quoted, or that it is not; later versions of the article keep to that.
ALTER TABLE line ADD COLUMN is_chosen INTEGER NOT NULL DEFAULT 0;
