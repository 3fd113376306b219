-- The stores do on insert what these did: a trigger opens a savepoint, and each savepoint writes out the full texts so far.
DROP TRIGGER office_reads_new;--> statement-breakpoint
DROP TRIGGER recording_search_new;
