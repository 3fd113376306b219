DROP INDEX `deadlines_began`;--> statement-breakpoint
CREATE INDEX `deadlines_began` ON `deadlines` (`started_at`) WHERE "deadlines"."kind" in ('officer', 'directed');