-- DATABASE.md lists earthdistance before cube; it needs cube first.
CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public;--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS "pgcrypto" WITH SCHEMA public;--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS "cube" WITH SCHEMA public;--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS "earthdistance" WITH SCHEMA public;--> statement-breakpoint
-- The seed's view takes DATE(created_at) in the session's time zone: the home town's, for every session.
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone TO %L', current_database(), 'America/Sao_Paulo'); END $$;
