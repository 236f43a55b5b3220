import { createPath, type DataRouter } from 'react-router'
import { hasUnsaved } from '../parts/unsaved.ts'

const KEY = 'tollgate reloaded'

let isReloading = false

/** Whether the page is about to be loaded again, so that an error on it is no news. */
export const isAboutToReload = (): boolean => isReloading

/**
 * After a deploy, the server no longer has the files of the build that this page came with. When one of them is
 * missing, this loads the page that the user is going to from the new build.
 *
 * It does so once for each build, so that a file that stays missing leads to no loop. A page with something typed that
 * the user does not leave is never reloaded.
 */
export function reloadAfterDeploy({ state }: { readonly state: DataRouter['state'] }, build: string): void {
  const next = state.navigation.location
  if ((!next && hasUnsaved()) || !isFirstTime(build)) return
  isReloading = true
  if (next) window.location.assign(createPath(next))
  else window.location.reload()
}

function isFirstTime(build: string): boolean {
  try {
    if (sessionStorage.getItem(KEY) === build) return false
    sessionStorage.setItem(KEY, build)
    return true
  } catch {
    return false // without a memory, it could go on forever
  }
}
