-- Keeps chunks and roll-ups of metric points in partitions by the month in which they were written.
--
-- Their ids begin with the time: milliseconds since 2020, shifted by 20 bits. What is there already becomes the
-- first partition as it is, without being copied. Stop the servers, back up, run this once in the database of
-- fluvial, start them again. Partitions are made for the next 36 months; run the last statement again before
-- they end (a default partition takes what comes after, so that nothing is ever refused).

BEGIN;

ALTER TABLE chunk RENAME TO chunk_before;
ALTER TABLE chunk_before RENAME CONSTRAINT chunk_pk TO chunk_before_pk;
ALTER INDEX chunk_loose_index RENAME TO chunk_before_loose_index;
CREATE TABLE chunk (LIKE chunk_before INCLUDING DEFAULTS INCLUDING STORAGE) PARTITION BY RANGE (chunk_id);
ALTER TABLE chunk ADD CONSTRAINT chunk_pk
    PRIMARY KEY (experiment_id, run_key, key_id, last_step, chunk_id);
CREATE INDEX chunk_loose_index ON chunk (experiment_id, run_key, key_id) WHERE is_rolled = 0;

ALTER TABLE rollup RENAME TO rollup_before;
ALTER TABLE rollup_before RENAME CONSTRAINT rollup_pk TO rollup_before_pk;
CREATE TABLE rollup (LIKE rollup_before INCLUDING DEFAULTS INCLUDING STORAGE) PARTITION BY RANGE (rollup_id);
ALTER TABLE rollup ADD CONSTRAINT rollup_pk
    PRIMARY KEY (experiment_id, run_key, key_id, level, last_step, rollup_id);

DO $$
DECLARE
    first timestamptz := date_trunc('month', now() + interval '1 month');
    bound bigint := (extract(epoch FROM first) * 1000 - 1577836800000)::bigint << 20;
BEGIN
    EXECUTE format('ALTER TABLE chunk ATTACH PARTITION chunk_before FOR VALUES FROM (MINVALUE) TO (%s)', bound);
    EXECUTE format('ALTER TABLE rollup ATTACH PARTITION rollup_before FOR VALUES FROM (MINVALUE) TO (%s)', bound);
END $$;
CREATE TABLE chunk_later PARTITION OF chunk DEFAULT;
CREATE TABLE rollup_later PARTITION OF rollup DEFAULT;

COMMIT;

DO $$
DECLARE
    start timestamptz := date_trunc('month', now() + interval '1 month');
    lower bigint;
    upper bigint;
    name text;
BEGIN
    FOR i IN 0..35 LOOP
        lower := (extract(epoch FROM start + i * interval '1 month') * 1000 - 1577836800000)::bigint << 20;
        upper := (extract(epoch FROM start + (i + 1) * interval '1 month') * 1000 - 1577836800000)::bigint << 20;
        name := to_char(start + i * interval '1 month', 'YYYY_MM');
        EXECUTE format('CREATE TABLE IF NOT EXISTS chunk_%s PARTITION OF chunk FOR VALUES FROM (%s) TO (%s)', name, lower, upper);
        EXECUTE format('CREATE TABLE IF NOT EXISTS rollup_%s PARTITION OF rollup FOR VALUES FROM (%s) TO (%s)', name, lower, upper);
    END LOOP;
END $$;
