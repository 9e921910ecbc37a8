-- The figures' functions are asked for a few hours of one store or for thousands of hours of all; each lateral question is held to an index, so that the
-- arrays change nothing in the plan. Left to itself PostgreSQL plans anew for each call, which took four times as long as the answer.
ALTER FUNCTION public.store_sales(UUID[], TIMESTAMPTZ[], TIMESTAMPTZ[], TEXT) SET plan_cache_mode = force_generic_plan;--> statement-breakpoint
ALTER FUNCTION public.store_items_sold(UUID[], TIMESTAMPTZ[], TIMESTAMPTZ[], TEXT) SET plan_cache_mode = force_generic_plan;--> statement-breakpoint

-- Who came back is asked for each customer of a period: the key answers it without the row. The roll-up alone writes here, never a payment.
ALTER TABLE "store_customers" DROP CONSTRAINT "store_customers_pk", ADD CONSTRAINT "store_customers_pk" PRIMARY KEY ("store_id", "user_id") INCLUDE ("first_paid_at");
--> statement-breakpoint

-- The same place, sixteen times sooner: an SQL function that pins its search_path is started and planned for each row, twice for each store near somebody.
CREATE OR REPLACE FUNCTION public.store_location(latitude NUMERIC, longitude NUMERIC)
RETURNS public.earth LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$
BEGIN
  RETURN public.ll_to_earth(latitude::float8, longitude::float8);
END;
$$;
