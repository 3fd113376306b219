import { speak, t } from '../i18n/translate.ts'
import { useConsole } from '../state/console-context.ts'
import { language, LANGUAGES, theme, THEMES } from '../state/preferences.ts'
import { say } from '../state/notices.ts'
import { navigate } from '../state/route.ts'
import { overlay } from '../state/shortcuts.ts'
import { Button } from '../ui/button.tsx'
import { Chips } from '../ui/field.tsx'
import { Icon } from '../ui/icon.tsx'
import { useMenu } from '../ui/use-menu.ts'

/** Who is signed in, and what is theirs to set: language, light, password, the way out. */
export function UserMenu() {
  const desk = useConsole()
  const menu = useMenu()
  const session = desk.session.value
  const person = session?.person
  if (person === undefined) return null
  return (
    <div ref={menu.root} class="user-menu" onKeyDown={menu.onKeyDown}>
      <button
        type="button"
        class="user-button"
        aria-expanded={menu.open}
        aria-label={t('user.menu', { name: person.name })}
        onClick={menu.toggle}
      >
        <Icon name="user" />
        <span class="user-name">{person.name}</span>
        <Icon name="chevron" />
      </button>
      {menu.open && (
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
              menu.close()
              overlay.value = 'keys'
            }}
            keys="?"
          >
            {t('keys.title')}
          </Button>
          <Button
            kind="quiet"
            onClick={() => {
              menu.close()
              navigate('/password')
            }}
          >
            {t('password.title')}
          </Button>
          <Button
            kind="quiet"
            onClick={() => {
              menu.close()
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
