import { resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Db, openDb } from '../../src/db/open.ts'

let db: Db
let done: string[]
beforeEach(() => {
  db = openDb(':memory:', resolve(import.meta.dirname, '../../migrations'))
  db.raw.exec(`
    CREATE TABLE parents (id INTEGER PRIMARY KEY);
    CREATE TABLE notes (text TEXT, parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);
  `)
  done = []
})
afterEach(() => {
  db.close()
})

const note = (text: string, parent: number | null = null) =>
  void db.raw.prepare('INSERT INTO notes VALUES (?, ?)').run(text, parent)
const notes = () => db.raw.prepare('SELECT text FROM notes').pluck().all()
const say = (text: string) => {
  db.afterCommit(
    () => void done.push(`${text} of ${String(notes().length)}, ${String(db.raw.inTransaction)}`),
  )
}
const undo = (text: string) => {
  db.onRollback(() => void done.push(`undo ${text} of ${String(notes().length)}`))
}

describe('what belongs to a transaction besides its rows', () => {
  it('is said in order when all of it is committed, nested ones with the outermost', () => {
    const result = db.transaction(() => {
      note('a')
      say('first')
      undo('a')
      db.transaction(() => {
        note('b')
        say('second')
      })
      expect(done).toEqual([])
      return 'a result'
    })
    expect(result).toBe('a result')
    expect(done).toEqual(['first of 2, false', 'second of 2, false'])
  })

  it('is said at once, and undone never, where no transaction is open', () => {
    say('now')
    undo('nothing')
    expect(done).toEqual(['now of 0, false'])
    expect(() => {
      db.transaction(() => {
        throw new Error('not this one')
      })
    }).toThrow('not this one')
    expect(done).toEqual(['now of 0, false'])
  })

  it('is put back, the newest first, and never said, when the transaction is taken back', () => {
    expect(() => {
      db.transaction(() => {
        note('a')
        undo('a')
        say('never')
        db.transaction(() => {
          note('b')
          undo('b')
        })
        throw new Error('too much')
      })
    }).toThrow('too much')
    expect(done).toEqual(['undo b of 0', 'undo a of 0'])
  })

  it('is put back when it is the commit that fails', () => {
    expect(() => {
      db.transaction(() => {
        note('of nobody', 99)
        undo('of nobody')
        say('never')
      })
    }).toThrow(/FOREIGN KEY/)
    expect(done).toEqual(['undo of nobody of 0'])
    expect(db.raw.inTransaction).toBe(false)
  })

  it('is said to the end when one of it fails, whose error comes out with the rows written', () => {
    expect(() => {
      db.transaction(() => {
        note('a')
        undo('a')
        db.afterCommit(() => {
          throw new Error('nobody listens')
        })
        say('still')
      })
    }).toThrow('nobody listens')
    expect(done).toEqual(['still of 1, false'])
  })

  it('of one transaction that what is said opens is its own', () => {
    db.transaction(() => {
      db.afterCommit(() => {
        db.transaction(() => {
          note('later')
          say('inner')
        })
        say('outer')
      })
    })
    expect(done).toEqual(['inner of 1, false', 'outer of 1, false'])
  })
})
