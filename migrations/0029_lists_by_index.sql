ALTER TABLE `tickets` ADD `office_reads` integer DEFAULT false NOT NULL;--> statement-breakpoint
UPDATE tickets SET office_reads = 1 WHERE state = 'cityOffice' OR office_at IS NOT NULL
  OR id IN (SELECT ticket_id FROM slips) OR id IN (SELECT ticket_id FROM dossier_items WHERE removed_at IS NULL);--> statement-breakpoint
DROP INDEX `tickets_training`;--> statement-breakpoint
DROP INDEX `tickets_operator`;--> statement-breakpoint
DROP INDEX `tickets_unit`;--> statement-breakpoint
CREATE INDEX `tickets_newest` ON `tickets` (`training`,`id`,`state`,`unit_id`,`operator_id`,`confidential`,`released_to`,`office_reads`);--> statement-breakpoint
CREATE INDEX `tickets_operator` ON `tickets` (`operator_id`,`training`,`id`,`state`,`unit_id`,`confidential`);--> statement-breakpoint
CREATE INDEX `tickets_unit` ON `tickets` (`unit_id`,`training`,`id`,`state`,`operator_id`,`confidential`,`released_to`,`office_reads`);--> statement-breakpoint
CREATE INDEX `tickets_office` ON `tickets` (`training`,`id`) WHERE "tickets"."office_reads" = 1;--> statement-breakpoint
CREATE INDEX `tickets_office_state` ON `tickets` (`training`,`state`,`id`) WHERE "tickets"."office_reads" = 1;--> statement-breakpoint
CREATE TRIGGER office_reads_slip AFTER INSERT ON slips
BEGIN UPDATE tickets SET office_reads = 1 WHERE id = NEW.ticket_id AND office_reads = 0; END;--> statement-breakpoint
CREATE TRIGGER office_reads_new AFTER INSERT ON tickets
WHEN NEW.state = 'cityOffice' OR NEW.office_at IS NOT NULL
BEGIN UPDATE tickets SET office_reads = 1 WHERE id = NEW.id; END;--> statement-breakpoint
CREATE TRIGGER office_reads_led AFTER UPDATE OF state, office_at ON tickets
WHEN (NEW.state = 'cityOffice') <> (OLD.state = 'cityOffice') OR (NEW.office_at IS NULL) <> (OLD.office_at IS NULL)
BEGIN UPDATE tickets SET office_reads = (NEW.state = 'cityOffice' OR NEW.office_at IS NOT NULL
    OR EXISTS (SELECT 1 FROM slips WHERE ticket_id = NEW.id)
    OR EXISTS (SELECT 1 FROM dossier_items WHERE ticket_id = NEW.id AND removed_at IS NULL))
  WHERE id = NEW.id; END;--> statement-breakpoint
CREATE TRIGGER office_reads_listed AFTER INSERT ON dossier_items WHEN NEW.removed_at IS NULL
BEGIN UPDATE tickets SET office_reads = 1 WHERE id = NEW.ticket_id AND office_reads = 0; END;--> statement-breakpoint
CREATE TRIGGER office_reads_listed_again AFTER UPDATE OF removed_at ON dossier_items
BEGIN UPDATE tickets SET office_reads = (state = 'cityOffice' OR office_at IS NOT NULL
    OR EXISTS (SELECT 1 FROM slips WHERE ticket_id = NEW.ticket_id)
    OR EXISTS (SELECT 1 FROM dossier_items WHERE ticket_id = NEW.ticket_id AND removed_at IS NULL))
  WHERE id = NEW.ticket_id; END;
--> statement-breakpoint
DROP INDEX `calls_missed`;--> statement-breakpoint
CREATE INDEX `calls_missed` ON `calls` (`started_at`) WHERE outcome IN ('abandoned', 'callback', 'voicemail') AND missed_done_at IS NULL AND training = 0;--> statement-breakpoint
CREATE INDEX `calls_by_operator` ON `calls` (`operator_id`,`started_at`);--> statement-breakpoint
CREATE INDEX `outbox_to` ON `outbox` (`to_number`,`id`);--> statement-breakpoint
CREATE VIRTUAL TABLE recording_search USING fts5(search, content = 'recordings', content_rowid = 'id', tokenize = "unicode61 remove_diacritics 0", prefix = "2 3 4");
--> statement-breakpoint
INSERT INTO recording_search (recording_search) VALUES ('rebuild');--> statement-breakpoint
CREATE TRIGGER recording_search_new AFTER INSERT ON recordings
BEGIN INSERT INTO recording_search (rowid, search) VALUES (NEW.id, NEW.search); END;--> statement-breakpoint
CREATE TRIGGER recording_search_changed AFTER UPDATE OF search ON recordings WHEN NEW.search <> OLD.search
BEGIN
  INSERT INTO recording_search (recording_search, rowid, search) VALUES ('delete', OLD.id, OLD.search);
  INSERT INTO recording_search (rowid, search) VALUES (NEW.id, NEW.search);
END;--> statement-breakpoint
CREATE TRIGGER recording_search_gone AFTER DELETE ON recordings
BEGIN INSERT INTO recording_search (recording_search, rowid, search) VALUES ('delete', OLD.id, OLD.search); END;
