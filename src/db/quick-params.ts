import { Column, is, Param, Placeholder } from 'drizzle-orm'

type Values = Readonly<Record<string, unknown>>

/** What drizzle's better-sqlite3 session makes of a query, as far as it is used here. */
interface Prepared {
  readonly query: { readonly params: readonly unknown[] }
  /** What a row is made of; undefined for a statement that answers with none. */
  readonly fields?: readonly { readonly path: readonly string[]; readonly field: unknown }[] | undefined
  readonly stmt: {
    run(...params: unknown[]): unknown
    raw(): { all(...params: unknown[]): unknown[][]; get(...params: unknown[]): unknown[] | undefined }
  }
  run(values?: Values): unknown
  values(values?: Values): unknown
  all(values?: Values): unknown
  get(values?: Values): unknown
}

/**
 * drizzle's prepared statement that knows where each value goes, and what each column of a row is. Its own asks of each parameter and
 * of each value of each row, at each run, of what class it is (drizzle-orm/sql/sql.js, fillPlaceholders; utils.js, mapResultRow),
 * which takes as long as the shorter statements themselves. Rows with parts of other tables, or with more than plain columns, go on
 * being drizzle's. Three of its private fields are used; test/db/statements.test.ts fails should they go.
 */
export function quickParams<Statement>(statement: Statement): Statement {
  const prepared = statement as unknown as Prepared
  const { stmt } = prepared
  const takes = prepared.query.params.map(takerOf)
  const paramsFor = (values: Values): unknown[] => takes.map((take) => take(values))
  prepared.run = (values = {}) => stmt.run(...paramsFor(values))
  prepared.values = (values = {}) => stmt.raw().all(...paramsFor(values))
  const rowOf = readerOf(prepared.fields ?? [])
  if (rowOf !== undefined) {
    prepared.all = (values = {}) =>
      stmt
        .raw()
        .all(...paramsFor(values))
        .map(rowOf)
    prepared.get = (values = {}) => {
      const row = stmt.raw().get(...paramsFor(values))
      return row === undefined ? undefined : rowOf(row)
    }
  }
  return statement
}

function takerOf(param: unknown): (values: Values) => unknown {
  if (is(param, Placeholder)) return named(param.name)
  if (is(param, Param) && is(param.value, Placeholder)) {
    const value = named(param.value.name)
    const { encoder } = param
    // As drizzle has it for a value that is no placeholder; for one that is it makes 'null' of a column of JSON.
    return (values) => {
      const given = value(values)
      return given === null ? null : encoder.mapToDriverValue(given)
    }
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

/** Undefined where a row is more than columns side by side. */
function readerOf(
  fields: NonNullable<Prepared['fields']>,
): ((values: readonly unknown[]) => Record<string, unknown>) | undefined {
  const columns = fields.flatMap(({ path: [name, ...deeper], field }) =>
    name === undefined || deeper.length > 0 || !is(field, Column) ? [] : [{ name, column: field }],
  )
  if (columns.length === 0 || columns.length < fields.length) return undefined
  return (values) => {
    const row: Record<string, unknown> = {}
    columns.forEach(({ name, column }, index) => {
      const value = values[index]
      row[name] = value === null ? null : column.mapFromDriverValue(value)
    })
    return row
  }
}
