DROP INDEX `recordings_by_start`;--> statement-breakpoint
CREATE INDEX `recordings_by_start` ON `recordings` (`started_at`,`id`,`duration_ms`);--> statement-breakpoint
CREATE INDEX `tickets_created` ON `tickets` (`created_at`);