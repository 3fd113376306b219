import { env } from 'node:process'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The variables of a process, as the command line hands them on. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The command line's one look at its environment; the service's is src/config.ts. */
export function currentEnvironment(): Environment {
  return env
}

/** Folder shared by all copies on this machine: unpacked programs and spoken prompts, all of it rebuildable. */
export function cacheFolder(environment: Environment): string {
  const chosen = environment['TONGDAI_CACHE']
  if (chosen !== undefined && chosen !== '') return chosen
  const base = environment['XDG_CACHE_HOME']
  return join(base !== undefined && base !== '' ? base : join(homedir(), '.cache'), 'tongdai1022')
}
