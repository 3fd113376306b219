ALTER TABLE `recordings` ADD `archive_state` text;--> statement-breakpoint
ALTER TABLE `recordings` ADD `archive` text;--> statement-breakpoint
ALTER TABLE `recordings` ADD `drop_announced_at` text;--> statement-breakpoint
ALTER TABLE `recordings` ADD `original_removed_at` text;--> statement-breakpoint
CREATE INDEX `recordings_to_copy` ON `recordings` (`id`) WHERE state = 'stored' AND archive_state IS NULL;--> statement-breakpoint
CREATE INDEX `recordings_copied` ON `recordings` (`started_at`,`id`) WHERE state = 'stored' AND archive_state = 'made';--> statement-breakpoint
CREATE INDEX `recordings_to_drop` ON `recordings` (`id`) WHERE archive_state = 'dropped' AND original_removed_at IS NULL;--> statement-breakpoint
ALTER TABLE `recording_seals` ADD `archive` text;