-- What a source says of itself, when its page was had, and how often its text changed. Empty text stands for "unknown",
-- 0 for "never": an article that was added before this step, or did not come from the web.
ALTER TABLE article ADD COLUMN text_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE article ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE article ADD COLUMN is_titled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE article ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE article ADD COLUMN site TEXT NOT NULL DEFAULT '';
ALTER TABLE article ADD COLUMN published TEXT NOT NULL DEFAULT '';
ALTER TABLE article ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE article ADD COLUMN canonical_url TEXT NOT NULL DEFAULT '';
ALTER TABLE article ADD COLUMN fetched_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE article ADD COLUMN etag TEXT NOT NULL DEFAULT '';
ALTER TABLE article ADD COLUMN last_modified TEXT NOT NULL DEFAULT '';
ALTER TABLE article ADD COLUMN checked_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE article ADD COLUMN problem TEXT NOT NULL DEFAULT '';

UPDATE article SET text_bytes = coalesce(
    (SELECT length(CAST(text AS BLOB)) FROM article_text
     WHERE article_text.guild = article.guild AND article_text.article = article.id),
    0
);

CREATE INDEX article_canonical_url ON article (guild, canonical_url) WHERE canonical_url <> '';
