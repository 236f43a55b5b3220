import { auditActor } from '../platform/rpc/audit-actor.ts'
import { adminProcedure, router } from '../platform/rpc/trpc.ts'
import {
  createServiceKey,
  CreatedServiceKey,
  CreateServiceKeyInput,
  listServiceKeys,
  ListServiceKeysInput,
  revokeServiceKey,
  ServiceKeyPage,
} from '../service/index.ts'
import { ById, Nothing } from './admin.schemas.ts'

/** The keys of other programs. */
export function createServiceKeysRouter() {
  return router({
    list: adminProcedure
      .input(ListServiceKeysInput)
      .output(ServiceKeyPage)
      .query(({ ctx, input }) => listServiceKeys(ctx, input)),

    create: adminProcedure
      .input(CreateServiceKeyInput)
      .output(CreatedServiceKey)
      .mutation(({ ctx, input }) => createServiceKey(ctx, auditActor(ctx), input)),

    revoke: adminProcedure
      .input(ById)
      .output(Nothing)
      .mutation(async ({ ctx, input }) => {
        await revokeServiceKey(ctx, auditActor(ctx), input)
        return {}
      }),
  })
}
