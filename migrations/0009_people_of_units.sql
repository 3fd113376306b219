ALTER TABLE `people` ADD `unit_id` text;--> statement-breakpoint
ALTER TABLE `tickets` ADD `office_at` text;--> statement-breakpoint
CREATE INDEX `tickets_unit` ON `tickets` (`unit_id`,`training`,`id`);--> statement-breakpoint
CREATE INDEX `slips_unit` ON `slips` (`unit_id`,`ticket_id`);--> statement-breakpoint
CREATE VIRTUAL TABLE case_search USING fts5(folded, exact, tokenize = "unicode61 remove_diacritics 0", prefix = "2 3 4");
