import { startFakeAmi, type FakeAmiLine } from '../support/fake-ami.ts'

/**
 * The PBX's end of `npm run bench -- replay`, as a process of its own: a journal of so many calls, and on the action `Story` the
 * events of so many calls as fast as the line takes them, then one event `StoryDone`.
 *
 * Usage: node replay-pbx.ts <calls of the journal> <calls of the story>; prints its port.
 */
const [rows = 0, calls = 0] = process.argv.slice(2).map(Number)
const FROM_MS = Date.UTC(2026, 2, 1)
/** So many calls run at once in the story. */
const AT_ONCE = 20
const ROWS_A_WRITE = 500

const pbx = await startFakeAmi()
pbx.on('dbdel', (action, line) => {
  line.respond(action)
})
pbx.on('coreshowchannels', (action, line) => {
  line.respond(action, { EventList: 'start' })
  line.event('CoreShowChannelsComplete', { ActionID: action['actionid'] ?? '', EventList: 'Complete' })
})
pbx.on('dbgettree', (action, line) => {
  const id = action['actionid'] ?? ''
  line.respond(action, { EventList: 'start' })
  const count = action['family'] === 'calls' && action['key'] === undefined ? rows : 0
  for (let at = 0; at < count; at += ROWS_A_WRITE) {
    const some = Array.from({ length: Math.min(ROWS_A_WRITE, count - at) }, (_, index) =>
      rowText(at + index, id),
    )
    line.send(some.join(''))
  }
  line.event('DBGetTreeComplete', { ActionID: id, EventList: 'Complete' })
})
pbx.on('story', (action, line) => {
  line.respond(action)
  tell(line)
})
// A live event now and then, for how late it is heard.
let count = 0
void pbx.line().then((line) => {
  setInterval(() => {
    count += 1
    line.event('UserEvent', {
      Privilege: 'user,all',
      UserEvent: 'Tick',
      N: String(count),
      SentAt: String(Date.now()),
    })
  }, 50)
})
process.once('SIGTERM', () => process.exit()) // a bench peer has nothing to bring to an end
process.stdout.write(`${String(pbx.port)}\n`)

/** Of five calls three are answered, one is given up and one asks to be called back or leaves a message. */
function rowText(index: number, actionId: string): string {
  const inMs = FROM_MS + index * 700
  const at = (seconds: number) => String(inMs + seconds * 1_000)
  const id = `hp1-${String(Math.floor(inMs / 1_000))}.${String(index)}`
  const from = `+8495${String(index % 30_000).padStart(7, '0')}`
  const how = [
    `&con=${at(9)}&mem=op-11`,
    `&con=${at(4)}&mem=op-12`,
    '',
    `&con=${at(30)}&mem=op-11`,
    index % 2 === 0 ? `&cb=${at(20)}&cbnum=0950000777` : `&vm=${at(20)}&vmrec=vm-${id}`,
  ][index % 5]
  const value = `v=1&in=${at(0)}&from=${encodeURIComponent(from)}&name=&line=02251022&notice=c94c&rec=call-${id}&training=0&nat=${at(5)}&q=${at(5)}${how ?? ''}&end=${at(60)}&cause=16&qs=&by=caller`
  return `Event: DBGetTreeResponse\nActionID: ${actionId}\nKey: /calls/${id}\nVal: ${value}\n\n`
}

/** Calls side by side, event by event. */
function tell(line: FakeAmiLine): void {
  let sent = 0
  for (let first = 0; first < calls; first += AT_ONCE) {
    const stories = Array.from({ length: Math.min(AT_ONCE, calls - first) }, (_, index) =>
      storyOf(first + index),
    )
    const longest = Math.max(...stories.map((story) => story.length))
    for (let step = 0; step < longest; step += 1) {
      const some = stories.flatMap((story) => story[step] ?? [])
      sent += some.length
      line.send(some.join(''))
    }
  }
  line.event('StoryDone', { Privilege: 'user,all', Events: String(sent) })
}

/** An answered call from first ring to wrap-up, with the headers Asterisk 22 gives it. */
function storyOf(index: number): string[] {
  const startMs = FROM_MS + 90 * 86_400_000 + index * 50
  const id = `hp1-${String(Math.floor(startMs / 1_000))}.s${String(index)}`
  const op = String(11 + (index % 20))
  const phone = `+8495${String(index % 3_000).padStart(7, '0')}`
  let step = 0
  const event = (name: string, fields: Readonly<Record<string, string>>): string => {
    step += 1
    const stamp = ((startMs + step * 500) / 1_000).toFixed(6)
    const lines = Object.entries({ Privilege: 'user,all', Timestamp: stamp, ...fields })
    return `Event: ${name}\n${lines.map(([key, value]) => `${key}: ${value}\n`).join('')}\n`
  }
  const channel = (prefix: string, name: string, uniqueid: string) => ({
    [`${prefix}Channel`]: name,
    [`${prefix}ChannelState`]: '6',
    [`${prefix}ChannelStateDesc`]: 'Up',
    [`${prefix}CallerIDNum`]: phone,
    [`${prefix}CallerIDName`]: '<unknown>',
    [`${prefix}ConnectedLineNum`]: '<unknown>',
    [`${prefix}ConnectedLineName`]: '<unknown>',
    [`${prefix}Language`]: 'vi',
    [`${prefix}AccountCode`]: '',
    [`${prefix}Context`]: 'hotline-wait',
    [`${prefix}Exten`]: 's',
    [`${prefix}Priority`]: '7',
    [`${prefix}Uniqueid`]: uniqueid,
    [`${prefix}Linkedid`]: id,
  })
  const citizen = channel('', 'PJSIP/trunk-0000001a', id)
  const leg = `PJSIP/op-${op}-0000001b`
  const at = () => String(startMs + step * 500)
  const hotline = (stage: string, fields: Readonly<Record<string, string>> = {}) =>
    event('UserEvent', { ...citizen, UserEvent: 'Hotline', Stage: stage, Call: id, ...fields, At: at() })
  const agent = (name: string, fields: Readonly<Record<string, string>> = {}) =>
    event(name, {
      ...citizen,
      ...channel('Dest', leg, `${id}-leg`),
      Queue: 'hotline',
      MemberName: `op-${op}`,
      Interface: `PJSIP/op-${op}`,
      ...fields,
    })
  return [
    hotline('intake', {
      From: encodeURIComponent(phone),
      Name: '',
      Line: '02251022',
      Notice: 'c94c',
      Recording: `call-${id}`,
      Training: '0',
    }),
    hotline('queued', { Queue: 'hotline' }),
    agent('AgentCalled'),
    hotline('connected', { Member: `op-${op}` }),
    agent('AgentConnect', { HoldTime: '4', RingTime: '2' }),
    event('HangupRequest', citizen),
    agent('AgentComplete', { HoldTime: '4', TalkTime: '40', Reason: 'caller' }),
    event('Hangup', { ...channel('', leg, `${id}-leg`), Cause: '16', 'Cause-txt': 'Normal Clearing' }),
    hotline('ended', { Cause: '16', QueueStatus: '', Member: `op-${op}` }),
    event('Hangup', { ...citizen, Cause: '16', 'Cause-txt': 'Normal Clearing' }),
  ]
}
