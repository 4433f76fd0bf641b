-- Every table of a guild's data has the guild as the first part of its key, so that a store that shards can distribute
-- by it. Never edit this file once it is released: write the next number instead.

-- 'encoder': the id of the encoder whose segments answer.
CREATE TABLE meta (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE encoder (
    id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    revision TEXT NOT NULL,
    dimension INTEGER NOT NULL,
    UNIQUE (name, revision, dimension)
);

-- A guild's row outlives its articles: that is why no article id is used twice.
CREATE TABLE guild (
    id INTEGER NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    next_article INTEGER NOT NULL,
    articles INTEGER NOT NULL
);

-- Counts are kept so that listing reads neither texts nor lines. Offsets and counts are in characters, not bytes.
CREATE TABLE article (
    guild INTEGER NOT NULL REFERENCES guild (id),
    id INTEGER NOT NULL,
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    characters INTEGER NOT NULL,
    passages INTEGER NOT NULL,
    left_out INTEGER NOT NULL,
    PRIMARY KEY (guild, id)
) WITHOUT ROWID;

-- An address or a path names one article; two different files may share a bare file name.
CREATE UNIQUE INDEX article_address ON article (guild, source) WHERE instr(source, '/') > 0 OR instr(source, '\') > 0;
CREATE INDEX article_source ON article (guild, source) WHERE source <> '';
CREATE INDEX article_content_hash ON article (guild, content_hash);

-- Texts and blobs live apart from the small rows, so that scans of those stay small. They keep their rowid: rows longer
-- than a page would make the tree of a table without one deep.
CREATE TABLE article_text (
    guild INTEGER NOT NULL,
    article INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (guild, article),
    FOREIGN KEY (guild, article) REFERENCES article (guild, id) ON DELETE CASCADE
);

CREATE TABLE line (
    guild INTEGER NOT NULL,
    article INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    number INTEGER NOT NULL,
    start_offset INTEGER NOT NULL,
    end_offset INTEGER NOT NULL,
    label TEXT NOT NULL,
    level INTEGER NOT NULL,
    PRIMARY KEY (guild, article, ordinal),
    FOREIGN KEY (guild, article) REFERENCES article (guild, id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE passage (
    guild INTEGER NOT NULL,
    article INTEGER NOT NULL,
    position INTEGER NOT NULL,
    start_offset INTEGER NOT NULL,
    end_offset INTEGER NOT NULL,
    kind TEXT NOT NULL,
    headings TEXT NOT NULL,  -- a JSON array, outermost first
    digest TEXT NOT NULL,
    PRIMARY KEY (guild, article, position),
    FOREIGN KEY (guild, article) REFERENCES article (guild, id) ON DELETE CASCADE
) WITHOUT ROWID;

-- Each article has one segment of the encoder in meta, and may have one of another encoder while a reindex goes on.
CREATE TABLE segment (
    guild INTEGER NOT NULL,
    article INTEGER NOT NULL,
    encoder INTEGER NOT NULL REFERENCES encoder (id),
    guild_version INTEGER NOT NULL,
    segment_version INTEGER NOT NULL,
    PRIMARY KEY (guild, article, encoder),
    FOREIGN KEY (guild, article) REFERENCES article (guild, id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE segment_core (
    guild INTEGER NOT NULL,
    article INTEGER NOT NULL,
    encoder INTEGER NOT NULL,
    core BLOB NOT NULL,
    PRIMARY KEY (guild, article, encoder),
    FOREIGN KEY (guild, article, encoder) REFERENCES segment (guild, article, encoder) ON DELETE CASCADE
);

CREATE TABLE segment_tokens (
    guild INTEGER NOT NULL,
    article INTEGER NOT NULL,
    encoder INTEGER NOT NULL,
    tokens BLOB NOT NULL,
    PRIMARY KEY (guild, article, encoder),
    FOREIGN KEY (guild, article, encoder) REFERENCES segment (guild, article, encoder) ON DELETE CASCADE
);
