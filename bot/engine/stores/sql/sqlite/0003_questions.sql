-- What was asked and how it was answered, kept for privacy.question_days. `member` is a keyed hash, another one in each
-- guild; the key lies beside the store, never in it. Ids are random: they are made before the answer is sent, and the
-- row is written afterwards. No text is kept of an answer: `quoted` is a JSON array of [article, position], best first.
CREATE TABLE question (
    guild INTEGER NOT NULL,
    id INTEGER NOT NULL,
    asked_at INTEGER NOT NULL,
    channel INTEGER NOT NULL,
    member TEXT NOT NULL,
    text TEXT NOT NULL,
    article INTEGER NOT NULL,  -- the only article that was searched, 0 for all
    follows INTEGER NOT NULL,  -- the id of the question that this one follows up, or 0
    is_private INTEGER NOT NULL,  -- whether the asker alone saw the answer
    state TEXT NOT NULL,
    quoted TEXT NOT NULL,
    nearest TEXT NOT NULL,  -- as quoted: the closest passage where nothing answered, or an empty array
    gap TEXT NOT NULL DEFAULT 'open',  -- of an unanswered question: open, answered since, or dismissed
    PRIMARY KEY (guild, id)
) WITHOUT ROWID;

CREATE INDEX question_age ON question (asked_at);
CREATE INDEX question_time ON question (guild, asked_at);
CREATE INDEX question_member ON question (guild, member, asked_at);

CREATE TABLE vote (
    guild INTEGER NOT NULL,
    question INTEGER NOT NULL,
    member TEXT NOT NULL,
    is_helpful INTEGER NOT NULL,
    reason TEXT NOT NULL,
    voted_at INTEGER NOT NULL,
    PRIMARY KEY (guild, question, member),
    FOREIGN KEY (guild, question) REFERENCES question (guild, id) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE INDEX vote_member ON vote (guild, member);

-- Members whose questions are not kept. Their hash is of no guild, because the wish holds in all.
CREATE TABLE opt_out (
    member TEXT NOT NULL PRIMARY KEY,
    since INTEGER NOT NULL
) WITHOUT ROWID;

-- Guilds that the bot is no longer in, and since when: what is stored of them goes after a time.
CREATE TABLE departure (
    guild INTEGER NOT NULL PRIMARY KEY,
    left_at INTEGER NOT NULL
);
