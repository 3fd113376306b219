ALTER TABLE `outbox` ADD `occasion` text;--> statement-breakpoint
ALTER TABLE `outbox` ADD `urgent` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_once` ON `outbox` (`occasion`,`template`,`to_number`);