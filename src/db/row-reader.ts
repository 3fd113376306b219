import { getTableColumns, type InferSelectModel } from 'drizzle-orm'
import { type SQLiteTable } from 'drizzle-orm/sqlite-core'

/**
 * Makes rows of what `values()` of a prepared `select().from(table)` answers: all columns of one table, in their order. For what is
 * read again and again; drizzle's own way asks of each value of each row anew what its column is.
 */
export function rowReader<Table extends SQLiteTable>(table: Table) {
  const columns = Object.entries(getTableColumns(table))
  const coded = columns.flatMap(([name, column], index) =>
    column.dataType === 'string' || column.dataType === 'number' ? [] : [{ name, column, index }],
  )
  return (values: unknown): InferSelectModel<Table> => {
    const row: Record<string, unknown> = {}
    const list = values as readonly unknown[]
    columns.forEach(([name], index) => {
      row[name] = list[index]
    })
    for (const { name, column, index } of coded)
      if (list[index] !== null) row[name] = column.mapFromDriverValue(list[index])
    return row as InferSelectModel<Table>
  }
}
