CREATE TABLE `dossier_entries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`dossier_id` integer NOT NULL,
	`item_id` integer NOT NULL,
	`paper` text NOT NULL,
	`released_at` text,
	`released_by` integer,
	`released_why` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `dossier_entries_once` ON `dossier_entries` (`item_id`) WHERE "dossier_entries"."released_at" is null;--> statement-breakpoint
CREATE INDEX `dossier_entries_dossier` ON `dossier_entries` (`dossier_id`);--> statement-breakpoint
CREATE TABLE `dossier_files` (
	`dossier_id` integer NOT NULL,
	`kind` text NOT NULL,
	`sha256` text NOT NULL,
	`bytes` blob NOT NULL,
	PRIMARY KEY(`dossier_id`, `kind`)
);
--> statement-breakpoint
CREATE TABLE `dossiers` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`number` text NOT NULL,
	`state` text NOT NULL,
	`training` integer NOT NULL,
	`revision` integer NOT NULL,
	`cover` text,
	`compiled_at` text NOT NULL,
	`compiled_by` integer NOT NULL,
	`due_at` text,
	`undone_at` text,
	`undone_by` integer,
	`sent_at` text,
	`sent_by` integer,
	`sent_late` integer,
	`content_hash` text,
	`document_number` text,
	`document_date` text,
	`document_text` text,
	`document_at` text,
	`document_by` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `dossiers_number` ON `dossiers` (`number`);--> statement-breakpoint
ALTER TABLE `dossier_items` ADD `why` text;--> statement-breakpoint
CREATE TRIGGER `dossiers_stay` BEFORE DELETE ON `dossiers`
BEGIN SELECT RAISE(ABORT, 'dossiers are kept'); END;--> statement-breakpoint
CREATE TRIGGER `dossiers_sent_stays` BEFORE UPDATE ON `dossiers`
WHEN OLD.`sent_at` IS NOT NULL AND (NEW.`number` IS NOT OLD.`number` OR NEW.`training` IS NOT OLD.`training` OR NEW.`cover` IS NOT OLD.`cover` OR NEW.`compiled_at` IS NOT OLD.`compiled_at` OR NEW.`compiled_by` IS NOT OLD.`compiled_by` OR NEW.`due_at` IS NOT OLD.`due_at` OR NEW.`sent_at` IS NOT OLD.`sent_at` OR NEW.`sent_by` IS NOT OLD.`sent_by` OR NEW.`sent_late` IS NOT OLD.`sent_late` OR NEW.`content_hash` IS NOT OLD.`content_hash`)
BEGIN SELECT RAISE(ABORT, 'a dossier that was sent stays as it is'); END;--> statement-breakpoint
CREATE TRIGGER `dossiers_document_once` BEFORE UPDATE ON `dossiers`
WHEN OLD.`document_at` IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'the document is recorded once'); END;--> statement-breakpoint
CREATE TRIGGER `dossier_entries_stay` BEFORE DELETE ON `dossier_entries`
BEGIN SELECT RAISE(ABORT, 'entries of dossiers are kept'); END;--> statement-breakpoint
CREATE TRIGGER `dossier_entries_frozen` BEFORE UPDATE ON `dossier_entries`
WHEN NEW.`paper` IS NOT OLD.`paper` OR NEW.`item_id` IS NOT OLD.`item_id` OR NEW.`dossier_id` IS NOT OLD.`dossier_id`
  OR OLD.`released_at` IS NOT NULL
  OR (SELECT `sent_at` FROM `dossiers` WHERE `dossiers`.`id` = OLD.`dossier_id`) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'what is in a dossier stays as it was compiled'); END;--> statement-breakpoint
CREATE TRIGGER `dossier_entries_not_after` BEFORE INSERT ON `dossier_entries`
WHEN (SELECT `sent_at` FROM `dossiers` WHERE `dossiers`.`id` = NEW.`dossier_id`) IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a dossier that was sent stays as it is'); END;--> statement-breakpoint
CREATE TRIGGER `dossier_files_frozen` BEFORE UPDATE ON `dossier_files`
BEGIN SELECT RAISE(ABORT, 'a file that was sent stays as it is'); END;--> statement-breakpoint
CREATE TRIGGER `dossier_files_stay` BEFORE DELETE ON `dossier_files`
BEGIN SELECT RAISE(ABORT, 'files that were sent are kept'); END;
