import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startAsterisk } from '../../src/cli/asterisk-process.ts'
import { run } from '../../src/cli/doctor.ts'
import type { CheckId } from '../../src/cli/doctor-texts.ts'
import { runCommand } from '../support/command.ts'
import { type Hotline, startHotline } from '../support/hotline.ts'

interface Described {
  readonly id: CheckId
  readonly status: string
  readonly problem: string
  readonly remedy: string
}

let hotline: Hotline
let folder: string
/** Undoes what a test broke. */
let mend: () => Promise<unknown> = async () => undefined

beforeAll(async () => {
  hotline = await startHotline()
  folder = await mkdtemp(join(tmpdir(), 'tongdai-doctor-'))
})
afterEach(async () => {
  await mend()
  mend = async () => undefined
})
afterAll(async () => {
  await hotline.stop()
  await rm(folder, { recursive: true, force: true })
})

/** The settings of an installation attached to a PBX of its own. */
const settings = (): Record<string, string> => {
  const { ami, ari, sipWsUrl } = hotline.pbx
  return {
    HTTP_PORT: new URL(hotline.url).port,
    RECORDINGS_DIR: hotline.recordingsDir,
    AMI_PORT: String(ami.port),
    AMI_USER: ami.user,
    AMI_SECRET: ami.secret,
    ARI_URL: ari.url,
    ARI_USER: ari.user,
    ARI_SECRET: ari.secret,
    SIP_WS_URL: sipWsUrl,
  }
}

async function doctor(changes: Readonly<Record<string, string>> = {}) {
  const environment = { ...settings(), ...changes }
  const { code, out } = await runCommand(run, ['--json', '--en'], { dataDir: hotline.dataDir, environment })
  const text = out.join('\n')
  const { checks } = JSON.parse(text) as { readonly checks: readonly Described[] }
  return { code, checks, text, wrong: checks.filter(({ status }) => status === 'failed') }
}

/** One thing wrong, named so, with a remedy that says what to touch; code 1. */
async function expectOnly(
  problem: string,
  remedy: RegExp,
  changes: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { code, wrong } = await doctor(changes)
  expect(wrong.map((check) => check.problem)).toEqual([problem])
  expect(wrong[0]?.remedy).toMatch(remedy)
  expect(code).toBe(1)
}

const etc = (name: string) => join(hotline.pbx.root, 'etc', name)

/** Changes a file of the PBX's configuration and has it read; mended after the test. */
async function rewrite(
  name: string,
  change: (text: string) => string,
  reload: () => Promise<unknown>,
): Promise<void> {
  const before = await readFile(etc(name), 'utf8')
  mend = async () => {
    await writeFile(etc(name), before)
    await reload()
  }
  await writeFile(etc(name), change(before))
  await reload()
}
const reloadQueues = () => hotline.pbx.look().send('QueueReload')
const reloadModule = (Module: string) => () => hotline.pbx.look().send('Reload', { Module })

describe('the doctor on a healthy hotline', () => {
  it('finds everything in order, twice, and leaves nothing behind', async () => {
    const files = await readdir(hotline.pbx.recordingDir)
    for (const time of ['first', 'second']) {
      const { code, wrong, checks } = await doctor()
      expect(wrong, time).toEqual([])
      expect(
        checks.filter(({ status }) => status !== 'ok'),
        time,
      ).toEqual([])
      expect(code, time).toBe(0)
    }
    expect(await readdir(hotline.pbx.recordingDir)).toEqual(files)
    const queues = await hotline.pbx
      .look()
      .send('Getvar', { Variable: 'QUEUE_MEMBER(hotline-training,count)' })
    expect(queues['Value']).toBe('1')
  })

  it('speaks to people in Vietnamese, a line for each check, and keeps secrets to itself', async () => {
    const { code, out } = await runCommand(run, [], { dataDir: hotline.dataDir, environment: settings() })
    expect(code).toBe(0)
    expect(out.filter((line) => line.startsWith('✓ '))).toHaveLength(27)
    expect(out.at(-1)).toBe('Mọi kiểm tra đều đạt.')
    for (const secret of [hotline.pbx.ami.secret, hotline.pbx.ari.secret])
      expect(out.join('\n')).not.toContain(secret)
  })

  it('takes recordings from a shared folder as well', async () => {
    const { wrong } = await doctor({ PBX_RECORDING_DIR: hotline.pbx.recordingDir })
    expect(wrong).toEqual([])
  })
})

describe('the doctor names what is broken and how to mend it', () => {
  it('a wrong AMI secret', async () => {
    const { wrong, text } = await doctor({ AMI_SECRET: 'not-the-secret' })
    expect(wrong.map(({ problem }) => problem)).toEqual(['amiRefused'])
    expect(wrong[0]?.remedy).toMatch(/\[tongdai\] of manager\.conf/)
    expect(text).not.toContain('not-the-secret')
  })

  it('a wrong ARI secret', async () => {
    await expectOnly('ariRefused', /ari\.conf/, { ARI_SECRET: 'not-the-secret' })
  })

  it('AMI_PORT that leads to something else', async () => {
    const { wrong } = await doctor({ AMI_PORT: new URL(hotline.pbx.ari.url).port })
    expect(wrong.map(({ problem }) => problem)).toEqual(['amiNotAmi'])
  })

  it('an AMI user with too few rights to write', async () => {
    await rewrite(
      'manager.conf',
      (text) =>
        `${text}\n[weak]\nsecret = weak-secret\nread = system,call,agent,user,reporting\nwrite = system,reporting\n`,
      reloadModule('manager'),
    )
    await expectOnly('amiRights', /^AMI user "weak" lacks: call, agent, user, originate\..*write = /, {
      AMI_USER: 'weak',
      AMI_SECRET: 'weak-secret',
    })
  })

  it('an AMI user who may say everything and hears too little', async () => {
    await rewrite(
      'manager.conf',
      (text) =>
        `${text}\n[deaf]\nsecret = deaf-secret\nread = system,call\nwrite = system,call,agent,user,reporting,originate\n`,
      reloadModule('manager'),
    )
    await expectOnly('amiEvents', /"deaf" hears no events of class: user, agent\..*read = /, {
      AMI_USER: 'deaf',
      AMI_SECRET: 'deaf-secret',
    })
  })

  it('AMI events without their time', async () => {
    await rewrite(
      'manager.conf',
      (text) => text.replace('timestampevents = yes', 'timestampevents = no'),
      reloadModule('manager'),
    )
    await expectOnly('amiNoTimestamps', /timestampevents=yes/)
  })

  it('no queue', async () => {
    await rewrite('queues.conf', (text) => text.replaceAll('[hotline]', '[someone-else]'), reloadQueues)
    await expectOnly('queueMissing', /queue hotline\..*queues\.conf/)
  })

  it('a queue without music', async () => {
    await rewrite('queues.conf', (text) => text.replace(/^musicclass.*$/m, ''), reloadQueues)
    await expectOnly('queueNoMusic', /musicclass/)
  })

  it('music nobody recorded', async () => {
    await rewrite(
      'queues.conf',
      (text) => text.replace(/^musicclass.*$/m, 'musicclass = nobody'),
      reloadQueues,
    )
    await expectOnly('musicClassMissing', /"nobody".*musiconhold\.conf/)
  })

  it('a queue that turns citizens away when nobody is signed in', async () => {
    await rewrite('queues.conf', (text) => text.replace('joinempty = yes', 'joinempty = no'), reloadQueues)
    await expectOnly('queueJoinEmpty', /joinempty=yes/)
  })

  it('a queue whose keys do nothing', async () => {
    await rewrite('queues.conf', (text) => text.replace(/^context.*$/m, ''), reloadQueues)
    await expectOnly('queueNoEscape', /context=queue-escape/)
  })

  it('a training queue without its scripted operator', async () => {
    await rewrite('queues.conf', (text) => text.replace(/^member => .*$/m, ''), reloadQueues)
    await expectOnly('robotMissing', /member => Local\/answer@hotline-robot/)
  })

  it('a dialplan that was never included', async () => {
    await rewrite(
      'tongdai/extensions.conf',
      (text) => text.replace('#include tongdai/queue-escape.conf', ''),
      reloadModule('pbx_config.so'),
    )
    await expectOnly('contextsMissing', /lacks: queue-escape\..*#include tongdai\/extensions\.conf/)
  })

  it('a global nobody set', async () => {
    await hotline.pbx.look().send('Setvar', { Variable: 'HOTLINE_NOTICE', Value: '' })
    mend = reloadModule('pbx_config.so')
    await expectOnly('globalsMissing', /HOTLINE_NOTICE/)
  })

  it('a trunk that leads elsewhere, and none at all', async () => {
    const file = 'trunk-carrier.conf'
    await rewrite(
      file,
      (text) => text.replace('context = from-trunk', 'context = default'),
      reloadModule('res_pjsip.so'),
    )
    await expectOnly('trunkContext', /"default".*context=from-trunk/)
    await mend()
    await rewrite(file, (text) => text.replaceAll('[trunk]', '[other]'), reloadModule('res_pjsip.so'))
    await expectOnly('trunkMissing', /pjsip\.conf/)
  })

  it('a prompt that was never copied', async () => {
    const sounds = join(hotline.pbx.root, 'share/sounds/vi')
    const real = await readlink(sounds)
    mend = async () => {
      await rm(sounds, { recursive: true })
      await symlink(real, sounds)
    }
    // The sounds belong to all copies of this machine: the PBX is given links to all of them but one.
    await rm(sounds)
    await mkdir(join(sounds, 'tongdai'), { recursive: true })
    await symlink(join(real, 'digits'), join(sounds, 'digits'))
    for (const name of await readdir(join(real, 'tongdai'))) {
      if (name !== 'notice.wav') await symlink(join(real, 'tongdai', name), join(sounds, 'tongdai', name))
    }
    await expectOnly('promptsMissing', /1 Vietnamese sounds are missing: tongdai\/notice\./)
  })

  it('recordings that go where ARI does not look', async () => {
    await hotline.pbx.look().send('Setvar', { Variable: 'HOTLINE_RECORDINGS', Value: folder })
    mend = reloadModule('pbx_config.so')
    await expectOnly('recordingNotInAri', /astspooldir/)
  })

  it('PBX_RECORDING_DIR that is another folder', async () => {
    await expectOnly('recordingNotShared', /not the same folder/, { PBX_RECORDING_DIR: folder })
  })

  it('recordings that are nowhere', async () => {
    await hotline.pbx.look().send('Setvar', { Variable: 'HOTLINE_RECORDINGS', Value: '/proc/nowhere' })
    mend = reloadModule('pbx_config.so')
    await expectOnly('recordingNowhere', /must exist and be writable/, { PBX_RECORDING_DIR: folder })
  })

  it('an ARI user who may only read', async () => {
    await rewrite(
      'ari.conf',
      (text) =>
        `${text}\n[reader]\ntype = user\nread_only = yes\npassword = reader-secret\npassword_format = plain\n`,
      reloadModule('res_ari.so'),
    )
    const { wrong } = await doctor({ ARI_USER: 'reader', ARI_SECRET: 'reader-secret' })
    expect(wrong.map(({ problem }) => problem)).toContain('ariReadOnly')
  })

  it('a service that is not running', async () => {
    await expectOnly('serviceDown', /npm start/, { HTTP_PORT: '1' })
  })
})

describe('a PBX that keeps no phones', () => {
  it('cannot be given any over ARI, and the doctor says which file decides', async () => {
    const { pbx } = hotline
    await pbx.kill()
    const before = await readFile(etc('sorcery.conf'), 'utf8')
    const without = before.replace(/^\w+ = memory$/gm, '')
    expect(without).not.toBe(before)
    await writeFile(etc('sorcery.conf'), without)
    const { install, root, ami } = pbx
    const forgetful = await startAsterisk({
      install,
      root,
      amiPort: ami.port,
      amiUser: ami.user,
      amiSecret: ami.secret,
    })
    try {
      const { wrong } = await doctor()
      const found = wrong.find(({ problem }) => problem === 'noDynamicConfig')
      expect(found?.remedy).toMatch(/config\/asterisk\/sorcery\.conf/)
    } finally {
      await forgetful.stop()
    }
  })
})
