CREATE TABLE `dossier_items` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`ticket_id` integer NOT NULL,
	`ticket_code` text NOT NULL,
	`reason` text NOT NULL,
	`call_id` text,
	`agency` text,
	`started_at` text NOT NULL,
	`listed_at` text NOT NULL,
	`due_at` text,
	`due_text` text NOT NULL,
	`training` integer NOT NULL,
	`removed_at` text,
	`removed_by` integer,
	`removed_why` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `dossier_items_once` ON `dossier_items` (`ticket_id`,`reason`);--> statement-breakpoint
CREATE INDEX `dossier_items_due` ON `dossier_items` (`removed_at`,`due_at`);