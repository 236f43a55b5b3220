import {
  createEndpoint,
  CreateEndpointInput,
  deleteEndpoint,
  DeliveryInput,
  EndpointInput,
  EndpointTest,
  getDelivery,
  listDeliveries,
  ListDeliveriesInput,
  listEndpoints,
  resendDeliveries,
  ResendDeliveriesInput,
  ResentDeliveries,
  rollSecret,
  testEndpoint,
  updateEndpoint,
  UpdateEndpointInput,
  WebhookDeliveryPage,
  WebhookDeliveryWithBody,
  WebhookEndpointList,
  WebhookEndpointView,
  WebhookEndpointWithSecret,
  type WebhooksDeps,
} from '../events/index.ts'
import { auditActor } from '../platform/rpc/audit-actor.ts'
import { adminProcedure, router } from '../platform/rpc/trpc.ts'
import { scopeWith } from '../platform/scope.ts'
import { Nothing } from './admin.schemas.ts'

/** Where events are delivered to, and what became of each. */
export function createWebhooksRouter(webhooks: WebhooksDeps) {
  const scopeOf = scopeWith({ webhooks })

  return router({
    endpoints: router({
      list: adminProcedure.output(WebhookEndpointList).query(({ ctx }) => listEndpoints(ctx)),

      create: adminProcedure
        .input(CreateEndpointInput)
        .output(WebhookEndpointWithSecret)
        .mutation(({ ctx, input }) => createEndpoint(scopeOf(ctx), auditActor(ctx), input)),

      update: adminProcedure
        .input(UpdateEndpointInput)
        .output(WebhookEndpointView)
        .mutation(({ ctx, input }) => updateEndpoint(scopeOf(ctx), auditActor(ctx), input)),

      delete: adminProcedure
        .input(EndpointInput)
        .output(Nothing)
        .mutation(async ({ ctx, input }) => {
          await deleteEndpoint(ctx, auditActor(ctx), input)
          return {}
        }),

      rollSecret: adminProcedure
        .input(EndpointInput)
        .output(WebhookEndpointWithSecret)
        .mutation(({ ctx, input }) => rollSecret(ctx, auditActor(ctx), input)),

      test: adminProcedure
        .input(EndpointInput)
        .output(EndpointTest)
        .mutation(({ ctx, input }) => testEndpoint(scopeOf(ctx), auditActor(ctx), input)),
    }),

    deliveries: router({
      list: adminProcedure
        .input(ListDeliveriesInput)
        .output(WebhookDeliveryPage)
        .query(({ ctx, input }) => listDeliveries(ctx, input)),

      get: adminProcedure
        .input(DeliveryInput)
        .output(WebhookDeliveryWithBody)
        .query(({ ctx, input }) => getDelivery(ctx, input)),

      resend: adminProcedure
        .input(ResendDeliveriesInput)
        .output(ResentDeliveries)
        .mutation(({ ctx, input }) => resendDeliveries(ctx, auditActor(ctx), input)),
    }),
  })
}
