import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { t } from '../i18n/translate.ts'
import { Button } from './button.tsx'
import { Empty, Skeleton } from './empty.tsx'

/**
 * A page that comes when it is first opened: not everybody at the line needs all of them. Until then it shows what is coming;
 * where its part cannot be had, because the service was upgraded meanwhile or the network is away, it says so and offers to
 * load the whole page again. (A browser may remember a failed import, so trying that alone again need not help.)
 */
export function lazyPage(load: () => Promise<ComponentType>): ComponentType {
  let known: ComponentType | undefined
  return function LazyPage() {
    const [Page, setPage] = useState(() => known)
    const [failed, setFailed] = useState(false)
    useEffect(() => {
      if (known !== undefined) return
      let left = false
      load().then(
        (page) => {
          known = page
          if (!left) setPage(() => page)
        },
        () => {
          if (!left) setFailed(true)
        },
      )
      return () => {
        left = true
      }
    }, [])
    if (Page !== undefined) return <Page />
    return (
      <main class="page" id="main">
        <h1 class="hidden">{t(failed ? 'part.title' : 'loading')}</h1>
        {failed ? <NotLoaded /> : <Skeleton rows={6} label={t('loading')} />}
      </main>
    )
  }
}

function NotLoaded() {
  return (
    <div role="alert">
      <Empty title={t('part.title')}>
        <p>{t('part.notLoaded')}</p>
        <Button
          kind="primary"
          onClick={() => {
            location.reload()
          }}
        >
          {t('part.reload')}
        </Button>
      </Empty>
    </div>
  )
}
