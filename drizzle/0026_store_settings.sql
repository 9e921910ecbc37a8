-- What an owner may say of a store, its logo, and what finds it. Extensions of PostgreSQL's own package: names are searched by their groups of
-- three letters, also in the middle of a word.
CREATE EXTENSION IF NOT EXISTS pg_trgm;--> statement-breakpoint
-- Seven lists (Sunday first) of spans [opens, closes] in minutes of the store's own day; a span that ends past midnight goes beyond 1440.
-- Null: the store has not said.
ALTER TABLE "stores" ADD COLUMN "opening_hours" jsonb;--> statement-breakpoint
ALTER TABLE "stores" ADD COLUMN "till_currency" text;--> statement-breakpoint
ALTER TABLE "stores" ADD COLUMN "reward_note" varchar(140);--> statement-breakpoint
-- The address of the logo, which changes with every picture; the pictures stand in store_logos.
ALTER TABLE "stores" ADD COLUMN "logo_hash" varchar(64);--> statement-breakpoint
ALTER TABLE "stores" ADD CONSTRAINT "stores_till_currency_check" CHECK ("stores"."till_currency" IN ('BRL', 'USD'));--> statement-breakpoint
CREATE TABLE "store_logos" (
	"store_id" uuid PRIMARY KEY NOT NULL REFERENCES "stores"("id") ON DELETE CASCADE,
	"hash" varchar(64) NOT NULL,
	"large" bytea NOT NULL,
	"small" bytea NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON store_logos TO cocopay_web, cocopay_worker;--> statement-breakpoint

-- What a search looks at: name and place in small letters without accents.
CREATE FUNCTION public.store_search_text(name VARCHAR, address TEXT)
RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$
  SELECT lower(regexp_replace(normalize(name || ' ' || COALESCE(address, ''), NFD), U&'[\0300-\036F]', '', 'g'))
$$;--> statement-breakpoint
CREATE INDEX idx_stores_search ON stores USING GIN (public.store_search_text(name, address) public.gin_trgm_ops) WHERE closed_at IS NULL;--> statement-breakpoint

-- Whether a store is open at a moment, by its own clock: a span of today, or one of yesterday that runs past midnight. Null when it has not said.
-- lib/hours/rules.ts says the same in the browser; a test compares both.
CREATE FUNCTION public.store_is_open(hours JSONB, zone TEXT, moment TIMESTAMPTZ)
RETURNS BOOLEAN LANGUAGE sql STABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$
  WITH here AS (
    SELECT extract(dow FROM at)::integer AS day, (extract(hour FROM at) * 60 + extract(minute FROM at))::integer AS minute
    FROM (SELECT moment AT TIME ZONE COALESCE(zone, 'America/Sao_Paulo') AS at) AS local
  )
  SELECT CASE WHEN hours IS NULL THEN NULL ELSE
    EXISTS (SELECT FROM here, jsonb_array_elements(hours->here.day) AS span
            WHERE (span->>0)::integer <= here.minute AND here.minute < (span->>1)::integer)
    OR EXISTS (SELECT FROM here, jsonb_array_elements(hours->((here.day + 6) % 7)) AS span
               WHERE here.minute + 1440 < (span->>1)::integer)
  END
$$;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION public.store_search_text, public.store_is_open TO cocopay_web, cocopay_worker;
