import type { BanListDatabase } from '../../../lambda/runtime/ban-list';
import type { Attributes } from '../../../lambda/dynamodb/attribute-values';

/**
 * A database in memory for the expressions that the functions use. `pause` is called before and after each operation,
 * so a test can let other requests run in between. The other tests use a real server.
 */
export class MemoryDatabase implements BanListDatabase {
  readonly items = new Map<string, Attributes>();

  constructor(private readonly pause: () => Promise<void> = async () => {}) {}

  query: BanListDatabase['query'] = async (input) => this.run(() => {
    const { ':user': user, ':prefix': prefix = '', ':partition': partition } = input.ExpressionAttributeValues;
    const Items = [...this.items.values()].filter((item) => (user === undefined
      ? [item.pk, item.list].includes(partition)
      : item.pk === user && String(item.sk).startsWith(String(prefix))));
    return { Items };
  });

  getItem: BanListDatabase['getItem'] = async ({ Key }) => this.run(() => this.items.get(keyOf(Key)));

  putItem: BanListDatabase['putItem'] = async ({ Item, ConditionExpression, ExpressionAttributeValues }) =>
    this.run(() => {
      const old = this.items.get(keyOf(Item));
      const { ':list': list, ':order': order } = ExpressionAttributeValues ?? {};
      if (ConditionExpression && (old?.list !== list || old?.listOrder !== order)) throw conditionFailed();
      this.items.set(keyOf(Item), Item);
    });

  /** Adds 1 to `requests`, which is the only update. */
  updateItem: BanListDatabase['updateItem'] = async ({ Key, ExpressionAttributeValues }) => this.run(() => {
    const requests = Number(this.items.get(keyOf(Key))?.requests ?? 0);
    if (requests >= Number(ExpressionAttributeValues![':maximum'])) throw conditionFailed();
    this.items.set(keyOf(Key), { ...Key, requests: requests + 1 });
  });

  deleteItem: BanListDatabase['deleteItem'] = async ({ Key }) => this.run(() => {
    this.items.delete(keyOf(Key));
  });

  private async run<Result>(operation: () => Result): Promise<Result> {
    await this.pause();
    const result = operation();
    await this.pause();
    return result;
  }
}

const keyOf = ({ pk, sk }: Attributes) => JSON.stringify([pk, sk]);

const conditionFailed = () => Object.assign(new Error('no'), { name: 'ConditionalCheckFailedException' });
