import { is, Param, Placeholder } from 'drizzle-orm'

type Values = Readonly<Record<string, unknown>>

/** What drizzle's better-sqlite3 session makes of a query, as far as it is used here. */
interface Prepared {
  readonly query: { readonly params: readonly unknown[] }
  readonly stmt: {
    run(...params: unknown[]): unknown
    raw(): { all(...params: unknown[]): unknown }
  }
  run(values?: Values): unknown
  values(values?: Values): unknown
}

/**
 * drizzle's prepared statement with `run` and `values` that know where each value goes. Its own ask of each parameter, at each run, of
 * what class it is (drizzle-orm/sql/sql.js, fillPlaceholders), which takes as long as the shorter statements themselves. Rows of
 * `get` and `all` go on being drizzle's. Two of its private fields are used; test/db/statements.test.ts fails should they go.
 */
export function quickParams<Statement>(statement: Statement): Statement {
  const prepared = statement as unknown as Prepared
  const { stmt } = prepared
  const takes = prepared.query.params.map(takerOf)
  const paramsFor = (values: Values): unknown[] => takes.map((take) => take(values))
  prepared.run = (values = {}) => stmt.run(...paramsFor(values))
  prepared.values = (values = {}) => stmt.raw().all(...paramsFor(values))
  return statement
}

function takerOf(param: unknown): (values: Values) => unknown {
  if (is(param, Placeholder)) return named(param.name)
  if (is(param, Param) && is(param.value, Placeholder)) {
    const value = named(param.value.name)
    const { encoder } = param
    return (values) => encoder.mapToDriverValue(value(values))
  }
  return () => param
}

/** A value that was not given is a mistake of ours, and never null. */
function named(name: string): (values: Values) => unknown {
  return (values) => {
    const value = values[name]
    if (value === undefined && !(name in values)) throw new Error(`no value for placeholder "${name}"`)
    return value
  }
}
