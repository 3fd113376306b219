DROP INDEX `recordings_by_call`;--> statement-breakpoint
CREATE UNIQUE INDEX `recordings_by_call` ON `recordings` (`call_id`,`kind`,`base`);