/**
 * The same SELECT, planned once. SQLite looks at the value bound to `x = ?` where there is an ORDER BY, max() or min(), and to
 * `LIMIT ?`, and plans the whole statement anew for each value that is bound after it: two to ten times what running it takes. It
 * does not look behind an operator (`+?`, `?+0`), which changes nothing else. The switch for it, SQLITE_DBCONFIG_ENABLE_QPSG
 * (sqlite.org/c3ref/c_dbconfig_defensive.html), is out of better-sqlite3's reach.
 *
 * For text made by drizzle, in which a question mark is nothing but a parameter.
 */
export function planOnce(text: string): string {
  if (!/^\s*select\b/i.test(text)) return text
  return text.replace(/ (=|<|>|<=|>=) \?/g, ' $1 +?').replace(/ (limit|offset) \?/gi, ' $1 ?+0')
}
