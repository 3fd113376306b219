import type { Config } from '../config.ts'
import { type AmiLines } from './ami-lines.ts'
import { type CommandContext } from './command.ts'
import type { CheckId, NoteId, ProblemId } from './doctor-texts.ts'

type Values = Readonly<Record<string, string | number>>

/** What one check found. */
export type Outcome =
  | { readonly status: 'ok'; readonly detail?: string; readonly note?: NoteId }
  | { readonly status: 'failed'; readonly problem: ProblemId; readonly values?: Values }
  /** Cannot be found out from here; no failure, and the note says how to look oneself. */
  | { readonly status: 'unknown'; readonly note: NoteId }
  /** What it stands on has failed. */
  | { readonly status: 'skipped'; readonly because: CheckId }

/** The installation under examination: what earlier checks opened for later ones. */
export interface Patient {
  readonly context: Pick<CommandContext, 'home' | 'environment' | 'dataDir'>
  /** Where the service answers on this machine. */
  localUrl: string
  config: Config | undefined
  /** The same, and also where no PBX is known: what it says of folders holds either way. */
  folders: Pick<Config, 'databasePath' | 'dataDir' | 'recordingsDir'> | undefined
  ami: AmiLines | undefined
}

/** One question to the installation. */
export interface Check {
  readonly id: CheckId
  /** Checks that must have found all well before. */
  readonly needs: readonly CheckId[]
  readonly run: (patient: Patient) => Promise<Outcome>
}

/** A check with what it found. */
export interface Finding {
  readonly id: CheckId
  readonly outcome: Outcome
}

/** Runs checks in order and reports each as it is done. A check that throws has failed; none stops the others. */
export async function examine(
  checks: readonly Check[],
  patient: Patient,
  report: (finding: Finding) => void,
  stopped: AbortSignal,
): Promise<Finding[]> {
  const findings: Finding[] = []
  const good = new Set<CheckId>()
  for (const { id, needs, run } of checks) {
    if (stopped.aborted) break
    const because = needs.find((need) => !good.has(need))
    const outcome: Outcome =
      because === undefined ? await run(patient).catch(unexpected) : { status: 'skipped', because }
    if (outcome.status === 'ok') good.add(id)
    findings.push({ id, outcome })
    report({ id, outcome })
  }
  return findings
}

function unexpected(cause: unknown): Outcome {
  const reason = cause instanceof Error ? cause.message.slice(0, 200) : 'unknown'
  return { status: 'failed', problem: 'unexpected', values: { reason } }
}

/** What an earlier check must have opened; the checks' needs see to it. */
export function opened<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('a check ran before what it needs')
  return part
}

/** All well. */
export function ok(detail?: string): Outcome {
  return detail === undefined ? { status: 'ok' } : { status: 'ok', detail }
}

/** Something to mend. */
export function failed(problem: ProblemId, values: Values = {}): Outcome {
  return { status: 'failed', problem, values }
}
