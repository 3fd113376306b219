import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { AppError } from '../platform/errors.ts'

const Process = Type.Object({ pid: Type.Integer(), startedAt: Type.String() })

/** `<dataDir>/runtime.json`, mode 0600: how other commands reach a running copy, and what it left if it was killed. */
const Runtime = Type.Object({
  version: Type.Literal(1),
  startedAt: Type.String(),
  /** True once the `ready` line was printed. */
  ready: Type.Boolean(),
  /** Of the service, as people open it. */
  url: Type.String(),
  /** Of the service on loopback, for other commands. */
  localUrl: Type.String(),
  city: Type.String(),
  hotlineNumber: Type.String(),
  /** simulated: own PBX and simulated network; trunk: own PBX on a real trunk; attached: a PBX that runs elsewhere. */
  mode: Type.Union([Type.Literal('simulated'), Type.Literal('trunk'), Type.Literal('attached')]),
  ami: Type.Object({
    host: Type.String(),
    port: Type.Integer(),
    user: Type.String(),
    secret: Type.String(),
  }),
  ari: Type.Object({ url: Type.String(), user: Type.String(), secret: Type.String() }),
  sipWsUrl: Type.String(),
  recordingDir: Type.Union([Type.String(), Type.Null()]),
  /** UDP port of our own PBX for SIP phones and the trunk. */
  sipPort: Type.Union([Type.Integer(), Type.Null()]),
  /** The simulated telephone network's own AMI. */
  network: Type.Union([
    Type.Object({ amiPort: Type.Integer(), sipPort: Type.Integer(), secret: Type.String() }),
    Type.Null(),
  ]),
  /** What copies of recordings are made with; absent: what the service finds itself. */
  opus: Type.Optional(
    Type.Object({ encoder: Type.Array(Type.String()), decoder: Type.Array(Type.String()) }),
  ),
  /** `start` takes HAND_OVER; those of before it end at any signal they do not know. */
  handsOver: Type.Optional(Type.Boolean()),
  /** Why the last successor of the service did not take its place. */
  notReplaced: Type.Optional(Type.Object({ at: Type.String(), reason: Type.String() })),
  /** Who runs; with their start time, so that a pid used again is not taken for one of ours. */
  processes: Type.Record(Type.String(), Process),
})
export type Runtime = Static<typeof Runtime>

/** Asks `npm start` to have the service replaced by what the folder holds now. */
export const HAND_OVER = 'SIGUSR2'

/** Path of the runtime file. */
export function runtimePath(dataDir: string): string {
  return join(dataDir, 'runtime.json')
}

/** The runtime file of a copy, or undefined when there is none that can be read. */
export async function readRuntime(dataDir: string): Promise<Runtime | undefined> {
  try {
    const content: unknown = JSON.parse(await readFile(runtimePath(dataDir), 'utf8'))
    return Value.Check(Runtime, content) ? content : undefined
  } catch {
    return undefined // none, or cut by a crash: no copy can be reached through it
  }
}

/** The runtime file of a running copy; throws NOT_RUNNING in words that help. */
export async function requireRuntime(dataDir: string): Promise<Runtime> {
  const runtime = await readRuntime(dataDir)
  if (runtime !== undefined) return runtime
  throw new AppError(
    'unavailable',
    'NOT_RUNNING',
    `Nothing runs on ${dataDir}. Run "npm start" in another terminal first, or set DATA_DIR to the folder of the copy you mean.`,
  )
}

/** Writes it whole or not at all. */
export async function writeRuntime(dataDir: string, runtime: Runtime): Promise<void> {
  const path = runtimePath(dataDir)
  await writeFile(`${path}.new`, `${JSON.stringify(runtime, null, 2)}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
}

/** Takes it away: nothing runs any more. */
export async function removeRuntime(dataDir: string): Promise<void> {
  await rm(runtimePath(dataDir), { force: true })
}
