CREATE TRIGGER ticket_events_no_update BEFORE UPDATE ON ticket_events
BEGIN SELECT RAISE(ABORT, 'ticket history is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER ticket_events_no_delete BEFORE DELETE ON ticket_events
BEGIN SELECT RAISE(ABORT, 'ticket history is append-only'); END;
--> statement-breakpoint
CREATE TRIGGER slips_no_update BEFORE UPDATE ON slips
BEGIN SELECT RAISE(ABORT, 'a slip never changes'); END;
--> statement-breakpoint
CREATE TRIGGER slips_no_delete BEFORE DELETE ON slips
BEGIN SELECT RAISE(ABORT, 'a slip never changes'); END;
--> statement-breakpoint
CREATE VIRTUAL TABLE ticket_search USING fts5(folded, exact, tokenize = "unicode61 remove_diacritics 0", prefix = "2 3 4");
