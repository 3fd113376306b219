import { desc, eq, sql } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Db, openDb } from '../../src/db/open.ts'
import { perColumns } from '../../src/db/per-columns.ts'
import { planOnce } from '../../src/db/plan-once.ts'
import { quickParams } from '../../src/db/quick-params.ts'
import { rowReader } from '../../src/db/row-reader.ts'

const lamps = sqliteTable('lamps', {
  id: integer().primaryKey(),
  street: text().notNull(),
  isLit: integer('is_lit', { mode: 'boolean' }).notNull().default(true),
  watts: integer(),
  parts: text({ mode: 'json' }).$type<string[]>(),
})

let db: Db
let prepared: string[]

beforeEach(() => {
  db = openDb(':memory:', resolve(import.meta.dirname, '../../migrations'))
  db.raw
    .exec(`create table lamps (id integer primary key, street text not null, is_lit integer not null default 1,
    watts integer, parts text); create index lamps_street on lamps (street)`)
  prepared = []
  const prepare = db.raw.prepare.bind(db.raw)
  db.raw.prepare = (wanted: string) => {
    prepared.push(wanted)
    return prepare(wanted)
  }
})
afterEach(() => {
  db.close()
})

describe('a statement', () => {
  const placed = { street: sql.placeholder('street') }

  it.each([
    [
      'select "a" from "t" where "b" = ? order by "c" limit ?',
      'select "a" from "t" where "b" = +? order by "c" limit ?+0',
    ],
    [
      'select "a" from "t" where ("b" <= ? and "c" in (?, ?))',
      'select "a" from "t" where ("b" <= +? and "c" in (?, ?))',
    ],
    ['select "a" from "t" limit ? offset ?', 'select "a" from "t" limit ?+0 offset ?+0'],
    ['update "t" set "a" = ? where "b" = ?', 'update "t" set "a" = ? where "b" = ?'],
  ])('is planned once: %s', (text, expected) => {
    expect(planOnce(text)).toBe(expected)
  })

  it('with an order and a limit answers as it always did, by its index', () => {
    db.orm
      .insert(lamps)
      .values(
        ['Cầu Đất', 'Tô Hiệu', 'Cầu Đất', 'Cầu Đất'].map((street, index) => ({ id: index + 1, street })),
      )
      .run()
    const newest = db.orm
      .select({ id: lamps.id })
      .from(lamps)
      .where(eq(lamps.street, placed.street))
      .orderBy(desc(lamps.id))
      .limit(2)
      .prepare()
    expect(newest.all({ street: 'Cầu Đất' })).toEqual([{ id: 4 }, { id: 3 }])
    expect(newest.all({ street: 'Tô Hiệu' })).toEqual([{ id: 2 }])
    expect(newest.all({ street: 'Lạch Tray' })).toEqual([])
    const plan = db.raw.prepare(`explain query plan ${prepared.at(-1) ?? ''}`).all('Tô Hiệu', 2)
    expect(JSON.stringify(plan)).toContain('lamps_street (street=?)')
  })

  it('for the same columns is prepared once, whatever they hold; left out is what is undefined', () => {
    const insert = perColumns((row) =>
      db.orm
        .insert(lamps)
        .values(row as unknown as typeof lamps.$inferInsert)
        .prepare(),
    )
    const rows = [
      { id: 1, street: 'Cầu Đất' },
      { id: 2, street: 'Tô Hiệu', watts: undefined },
      { id: 3, street: 'Văn Cao', watts: 90 },
      { id: 4, street: 'Lạch Tray', watts: 70 },
    ]
    for (const row of rows) insert(row).run(row)
    expect(prepared).toHaveLength(2)
    expect(
      db.orm
        .select()
        .from(lamps)
        .all()
        .map(({ watts }) => watts),
    ).toEqual([null, null, 90, 70])
  })

  it('puts each value where drizzle puts it, and says which is missing', () => {
    const { orm } = db
    const { placeholder } = sql
    const insert = () =>
      orm
        .insert(lamps)
        .values({
          id: placeholder('id'),
          street: placeholder('street'),
          isLit: placeholder('isLit'),
          watts: 60,
          parts: placeholder('parts'),
        })
        .prepare()
    const quick = quickParams(insert())
    const row = { street: 'Cầu Đất', isLit: true, parts: ['bóng'] }
    insert().run({ ...row, id: 1 })
    expect(quick.run({ ...row, id: 2 })).toEqual({ changes: 1, lastInsertRowid: 2 })
    const find = quickParams(
      orm
        .select()
        .from(lamps)
        .where(eq(lamps.id, placeholder('id')))
        .prepare(),
    )
    expect(find.values({ id: 2 }).map(rowReader(lamps))).toEqual([{ ...row, id: 2, watts: 60 }])
    expect(find.get({ id: 1 })).toEqual({ ...row, id: 1, watts: 60 })
    // Null is null, and not the JSON text of it, which is drizzle's for a placeholder.
    quick.run({ ...row, id: 4, parts: null })
    expect(db.raw.prepare('SELECT typeof(parts) FROM lamps WHERE id = 4').pluck().get()).toBe('null')
    expect(() => quick.run({ ...row, id: 3, parts: undefined })).not.toThrow(/placeholder/)
    expect(() => quick.run(row)).toThrow('no value for placeholder "id"')
  })

  it('is read by drizzle where a row is more than columns of its own', () => {
    const { orm } = db
    orm
      .insert(lamps)
      .values([
        { id: 1, street: 'Cầu Đất', isLit: false, parts: ['bóng'] },
        { id: 2, street: 'Tô Hiệu' },
      ])
      .run()
    const columns = () =>
      orm.select({ street: lamps.street, lit: lamps.isLit, parts: lamps.parts }).from(lamps).prepare()
    const words = () => orm.select({ street: lamps.street, most: sql<number>`2 * ${lamps.id}` }).from(lamps)
    const nested = () => orm.select({ where: { street: lamps.street }, lit: lamps.isLit }).from(lamps)
    for (const [quick, slow] of [
      [quickParams(columns()), columns()],
      [quickParams(words().prepare()), words().prepare()],
      [quickParams(nested().prepare()), nested().prepare()],
    ] as const) {
      expect(quick.all()).toEqual(slow.all())
      expect(quick.get()).toEqual(slow.get())
    }
    const none = orm
      .select({ street: lamps.street })
      .from(lamps)
      .where(eq(lamps.id, sql.placeholder('id')))
    expect(quickParams(none.prepare()).get({ id: 3 })).toBeUndefined()
    const written = orm
      .insert(lamps)
      .values({ id: sql.placeholder('id'), street: 'Văn Cao' })
      .returning()
    expect(quickParams(written.prepare()).get({ id: 4 })).toMatchObject({ id: 4, street: 'Văn Cao' })
  })

  it('that answers with what it wrote fails where its commit fails', () => {
    db.raw.exec(`CREATE TABLE posts (lamp_id integer REFERENCES lamps (id) DEFERRABLE INITIALLY DEFERRED)`)
    const post = sqliteTable('posts', { lampId: integer('lamp_id') })
    const insert = db.orm
      .insert(post)
      .values({ lampId: sql.placeholder('lampId') })
      .returning()
      .prepare()
    // Checked at the commit, as a disk that is full is found.
    expect(() => insert.get({ lampId: 1 })).toThrow('FOREIGN KEY')
    expect(db.orm.select().from(post).all()).toEqual([])
    db.orm.insert(lamps).values({ id: 1, street: 'Cầu Đất' }).run()
    expect(insert.get({ lampId: 1 })).toEqual({ lampId: 1 })
    expect(db.orm.select().from(post).all()).toEqual([{ lampId: 1 }])
  })

  it('reads rows as drizzle does', () => {
    const { orm } = db
    orm
      .insert(lamps)
      .values({ id: 1, street: 'Cầu Đất', isLit: false, watts: 90, parts: ['bóng', 'chao'] })
      .run()
    orm.insert(lamps).values({ id: 2, street: 'Tô Hiệu' }).run()
    const all = orm.select().from(lamps).prepare()
    expect(all.values().map(rowReader(lamps))).toEqual(all.all())
    expect(all.all()[0]).toEqual({
      id: 1,
      street: 'Cầu Đất',
      isLit: false,
      watts: 90,
      parts: ['bóng', 'chao'],
    })
  })
})
