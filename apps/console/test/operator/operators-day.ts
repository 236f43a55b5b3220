import type { RunningStack } from '@tollgate/local/stack'
import type { Page } from 'playwright-core'

/** What a part of the operator's day works with. Each part is a file in this folder, and all share one stack. */
export interface OperatorsDay {
  stack: RunningStack
  /** Logged in as an administrator, at any page. */
  operator: Page
  /** A page on a new device, without a login. */
  onADevice: () => Promise<Page>
  /** Collects accessibility problems of a page in its current state, and takes pictures of it. */
  look: (page: Page) => Promise<void>
}
