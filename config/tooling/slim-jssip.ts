import { join } from 'node:path'
import { type Plugin } from 'vite'

/** The rules by which JsSIP names what it parses (`Grammar.parse`, `parseHeader`); all others are reached through these. */
const STARTS = new Set(
  `Call_ID CSeq Contact Content_Length Content_Type Event From Max_Forwards Name_Addr_Header Proxy_Authenticate Record_Route
  Refer_To Replaces Request_Response SIP_URI Session_Expires Status_Line To Via WWW_Authenticate absoluteURI host quoted_string
  uuid`.split(/\s+/),
)

/** `if (reportFailures === 0) { matchFailed("…"); }` */
const FAILURE = /if \(reportFailures === 0\) \{\s*matchFailed\("(?:[^"\\]|\\.)*"\);\s*\}/g
/** The error built from them, which is thrown away: `parse` answers -1. */
const ERROR = /new this\.SyntaxError\(.*\);/
/** `if (input.charCodeAt(pos) === 59) { result0 = ";"; pos++; } else { result0 = null; }`, and the same for longer texts. */
const TEXT =
  /if \(input\.(?:charCodeAt\(pos\) === \d+|substr\(pos, \d+\) === "(?:[^"\\]|\\.)*")\) \{\s*(result\d+) = ("(?:[^"\\]|\\.)*");\s*pos(?:\+\+| \+= \d+);\s*\}\s*else \{\s*\1 = null;\s*\}/g
/** The same for one of several characters. */
const CLASS =
  /if \((\/\^\[.*\]\/)\.test\(input\.charAt\(pos\)\)\) \{\s*(result\d+) = input\.charAt\(pos\);\s*pos\+\+;\s*\}\s*else \{\s*\2 = null;\s*\}/g
/** The same for a text in large or small letters. */
const ANY_CASE =
  /if \(input\.substr\(pos, \d+\)\.toLowerCase\(\) === (".*?")\) \{\s*(result\d+) = input\.substr\(pos, \d+\);\s*pos \+= \d+;\s*\}\s*else \{\s*\2 = null;\s*\}/g
const HELPERS = `
function take(text) { if (!input.startsWith(text, pos)) return null; pos += text.length; return text }
function takeAnyCase(text) {
  const found = input.substr(pos, text.length)
  if (found.toLowerCase() !== text) return null
  pos += text.length
  return found
}
function takeOne(of) { return of.test(input.charAt(pos)) ? input.charAt(pos++) : null }
`
const RULE = /^ {16}"(\w+)": parse_\w+,?\n/gm

/**
 * JsSIP's grammar without what never has an effect: PEG.js 0.7 notes at every step what it would have expected there, for an
 * error that JsSIP builds and drops, and keeps each rule as a start of its own. A third of the telephone's bytes, and most of
 * the time it takes to read a message. Throws when this is another grammar than the one that was looked at.
 */
export function slimGrammar(source: string): string {
  if (!FAILURE.test(source) || !ERROR.test(source))
    throw new Error('JsSIP has another grammar: look at slim-jssip.ts')
  return source
    .replace(FAILURE, '')
    .replace(ERROR, '')
    .replace(TEXT, '$1 = take($2);')
    .replace(ANY_CASE, '$2 = takeAnyCase($1);')
    .replace(CLASS, '$2 = takeOne($1);')
    .replace('function parse_CRLF() {', (rule) => HELPERS + rule)
    .replace(RULE, (line, rule: string) => (STARTS.has(rule) ? line : ''))
}

/** JsSIP's log: nobody reads it in a browser at the line, and it writes a citizen's number into it. */
const LOG = /\blogger\w*\.(?:debug|warn|error)\(/g
const SILENCE = 'module.exports = () => () => {}'
const NO_LOGGER = 'module.exports = class { debug() {} warn() {} error() {} }'
/** In place of SUBSCRIBE and NOTIFY, which the console has no use for. */
const UNUSED = 'module.exports = class {}'
const EMITTER = join(import.meta.dirname, '../../src/console/softphone/event-emitter.ts')

/** JsSIP as the console needs it. */
export function slimJsSip(): Plugin {
  const instead: Readonly<Record<string, string>> = {
    debug: SILENCE,
    './Logger': NO_LOGGER,
    '../Logger': NO_LOGGER,
    './Subscriber': UNUSED,
    './Notifier': UNUSED,
  }
  return {
    name: 'slim-jssip',
    apply: 'build',
    enforce: 'pre',
    resolveId(name, importer) {
      if (importer?.includes('/jssip/lib/') !== true) return undefined
      if (name === 'events') return EMITTER
      return name in instead ? `\0slim-jssip:${name}` : undefined
    },
    load(id) {
      return id.startsWith('\0slim-jssip:') ? instead[id.slice('\0slim-jssip:'.length)] : undefined
    },
    transform(source, id) {
      if (!id.includes('/jssip/lib/')) return undefined
      const code = id.endsWith('/Grammar.js') ? slimGrammar(source) : source.replace(LOG, 'false && $&')
      return { code, map: null }
    },
  }
}
