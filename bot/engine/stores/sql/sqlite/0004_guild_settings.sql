-- What each guild decides for itself, as text by key, so that a new setting needs no new step; channel 0 stands for the
-- guild. Neither table refers to guild (id): a guild decides before it has articles.
CREATE TABLE guild_setting (
    guild INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (guild, channel, key)
) WITHOUT ROWID;

-- Grows with every change of a guild's settings or of its articles' scopes; the row outlives them.
CREATE TABLE guild_settings_version (
    guild INTEGER NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL
);

-- What an article is bound to: kind 'role' or 'channel', target its id. An article without rows is for everybody.
CREATE TABLE article_scope (
    guild INTEGER NOT NULL,
    article INTEGER NOT NULL,
    kind TEXT NOT NULL,
    target INTEGER NOT NULL,
    PRIMARY KEY (guild, article, kind, target),
    FOREIGN KEY (guild, article) REFERENCES article (guild, id) ON DELETE CASCADE
) WITHOUT ROWID;
