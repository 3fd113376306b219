import type { AgencyDirectory } from '../agencies/service.ts'
import { foldVietnamese } from '../platform/vietnamese-text.ts'
import type { Posts } from './service.ts'

/** Accounts belong to the people of the directory as it is today. */
export function createDirectoryPosts(directory: Pick<AgencyDirectory, 'unit'>): Posts {
  const peopleOf = (unitId: string) => directory.unit(unitId)?.people ?? []
  return {
    match({ unitId, role, name }) {
      const same = peopleOf(unitId).filter(
        (one) => one.role === role && foldVietnamese(one.name) === foldVietnamese(name),
      )
      return same.length === 1 ? (same[0]?.id ?? null) : null
    },
    roleOf: ({ unitId, postId }) => peopleOf(unitId).find(({ id }) => id === postId)?.role ?? null,
  }
}
