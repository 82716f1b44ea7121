import type { Clock } from '../../clock';

export interface StoredParameter {
  readonly name: string;
  readonly type: 'String' | 'StringList' | 'SecureString';
  readonly value: string;
  readonly version: number;
  readonly lastModified: Date;
  /** Whether the parameter was created before any stack. A stack, such as the bootstrap stack, can take it over. */
  readonly seeded: boolean;
}

/** An in-memory SSM Parameter Store. */
export class ParameterStore {
  private readonly parameters = new Map<string, StoredParameter>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  get(name: string): StoredParameter | undefined {
    return this.parameters.get(name);
  }

  list(): readonly StoredParameter[] {
    return [...this.parameters.values()];
  }

  put(name: string, value: string, type: StoredParameter['type'] = 'String', seeded = false): StoredParameter {
    const version = (this.parameters.get(name)?.version ?? 0) + 1;
    const parameter = { name, type, value, version, lastModified: new Date(this.clock.now()), seeded };
    this.parameters.set(name, parameter);
    return parameter;
  }

  remove(name: string): boolean {
    return this.parameters.delete(name);
  }
}
