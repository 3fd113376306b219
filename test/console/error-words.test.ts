// @vitest-environment node
import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { vi } from '../../src/console/i18n/vi.ts'
import { FINDING_CODES } from '../../src/seals/contract.ts'

const SRC = resolve(import.meta.dirname, '../../src')
/** What only the command line says, and what the links to the PBX say: of those a page has one sentence, PBX_AWAY. */
const ELSEWHERE = /^(cli|console|asterisk|db)\/|^(config|main)\.ts$/

/** Codes that no page is ever answered with. */
const NOT_TOLD: Readonly<Record<string, string>> = {
  ARCHIVE_FAILED: 'a job of the night; the copy is tried again',
  BAD_SIGNATURE: 'to the carrier',
  EAI_AGAIN: 'of the system, read and not told',
  FILE_EXISTS: 'while a head is signed',
  FOLDER_ELSEWHERE: 'while recordings are collected; /readyz says it',
  FOLDER_FOREIGN: 'while recordings are collected; /readyz says it',
  NOT_A_REPORT: 'to the carrier',
  NOT_MOBILE: 'a reason in a message of the outbox',
  PBX_FOLDER_AWAY: 'while recordings are collected; the banner says it',
  SEALER_CLOSED: 'while recordings are collected',
  SEALER_FAILED: 'while recordings are collected',
  TRANSFER_NUMBER: 'the beginning of other codes',
}

test('every code with which the service refuses something has its sentence', () => {
  const files = globSync('**/*.ts', { cwd: SRC }).filter((file) => !ELSEWHERE.test(file))
  const codes = files.flatMap((file) => {
    const source = readFileSync(join(SRC, file), 'utf8')
    const thrown = [...source.matchAll(/AppError\(\s*'\w+',\s*'([A-Z0-9_]+)'/g)]
    const named = [...source.matchAll(/'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g)]
    return [...thrown, ...named].map(([, code = '']) => code)
  })
  expect(codes.length).toBeGreaterThan(250)
  const findings: readonly string[] = FINDING_CODES
  const silent = [...new Set(codes)].filter(
    (code) => !(`error.${code}` in vi) && NOT_TOLD[code] === undefined && !findings.includes(code),
  )
  expect(silent.sort()).toEqual([])
  // And none is kept quiet that is gone by now.
  expect(Object.keys(NOT_TOLD).filter((code) => !codes.includes(code))).toEqual([])
})
