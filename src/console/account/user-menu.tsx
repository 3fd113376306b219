import { useEffect, useRef, useState } from 'preact/hooks'
import { speak, t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { language, LANGUAGES, theme, THEMES } from '../state/preferences.ts'
import { say } from '../state/notices.ts'
import { navigate } from '../state/route.ts'
import { overlay } from '../state/shortcuts.ts'
import { Button } from '../ui/button.tsx'
import { Chips } from '../ui/field.tsx'
import { Icon } from '../ui/icon.tsx'

/** Who is signed in, and what is theirs to set: language, light, password, the way out. */
export function UserMenu() {
  const desk = useConsole()
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const session = desk.session.value
  const person = session?.person
  useEffect(() => {
    if (!open) return undefined
    const onPointer = (event: PointerEvent): void => {
      if (event.target instanceof Node && root.current?.contains(event.target) === false) setOpen(false)
    }
    addEventListener('pointerdown', onPointer)
    return () => {
      removeEventListener('pointerdown', onPointer)
    }
  }, [open])
  if (person === undefined) return null
  return (
    <div
      ref={root}
      class="user-menu"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && open) {
          setOpen(false)
          root.current?.querySelector('button')?.focus()
        }
      }}
    >
      <button
        type="button"
        class="user-button"
        aria-expanded={open}
        aria-label={t('user.menu', { name: person.name })}
        onClick={() => {
          setOpen(!open)
        }}
      >
        <Icon name="user" />
        <span class="user-name">{person.name}</span>
        <Icon name="chevron" />
      </button>
      {open && (
        <div class="menu">
          <p class="menu-who">
            {person.name}
            <span class="quiet"> {t(`role.${person.role}`)}</span>
            {person.unitId !== null && (
              <span class="menu-unit">{session?.unitName ?? t('unit.left', { unit: person.unitId })}</span>
            )}
          </p>
          <LanguageSwitch />
          <Chips
            legend={t('theme.title')}
            value={theme.value}
            options={THEMES.map((known) => ({ value: known, label: t(`theme.${known}`) }))}
            onChange={(known) => {
              theme.value = known
            }}
          />
          <Button
            kind="quiet"
            onClick={() => {
              setOpen(false)
              overlay.value = 'keys'
            }}
            keys="?"
          >
            {t('keys.title')}
          </Button>
          <Button
            kind="quiet"
            onClick={() => {
              setOpen(false)
              navigate('/password')
            }}
          >
            {t('password.title')}
          </Button>
          <Button
            kind="quiet"
            onClick={() => {
              setOpen(false)
              void desk.signOut()
            }}
          >
            {t('user.signOut')}
          </Button>
        </div>
      )}
    </div>
  )
}

/** Vietnamese or English; each named in itself. */
export function LanguageSwitch() {
  return (
    <Chips
      legend={t('language.title')}
      value={language.value}
      options={LANGUAGES.map((known) => ({ value: known, label: known === 'vi' ? 'Tiếng Việt' : 'English' }))}
      onChange={(known) => {
        speak(known).catch(() => {
          say('bad', t('part.notLoaded'))
        })
      }}
    />
  )
}
