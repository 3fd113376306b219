import { type Placeholder, sql } from 'drizzle-orm'
import { quickParams } from './quick-params.ts'

/** More sets of columns than this are hardly the same few writes again and again. */
const MOST_KEPT = 64

/**
 * One prepared statement for each set of columns that rows come with: a new row leaves out what has a default, a change names what
 * changes. Making the text of a statement and preparing it costs several times what running it does.
 *
 * `build` gets a placeholder for each column and prepares. Columns that are undefined do not count.
 */
export function perColumns<Statement>(
  build: (columns: Readonly<Record<string, Placeholder>>) => Statement,
): (row: object) => Statement {
  const kept = new Map<string, Statement>()
  return (row) => {
    let key = ''
    for (const [name, value] of Object.entries(row)) if (value !== undefined) key += `,${name}`
    const known = kept.get(key)
    if (known !== undefined) return known
    if (kept.size >= MOST_KEPT) kept.clear()
    const names = key.split(',').slice(1)
    const statement = quickParams(
      build(Object.fromEntries(names.map((name) => [name, sql.placeholder(name)]))),
    )
    kept.set(key, statement)
    return statement
  }
}
