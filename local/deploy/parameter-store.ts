export interface StoredParameter {
  readonly name: string;
  readonly type: 'String' | 'StringList' | 'SecureString';
  readonly value: string;
  readonly version: number;
  readonly lastModified: Date;
  /** Made before any stack: the stack that wants a parameter of this name (`cdk bootstrap`'s) takes it over. */
  readonly seeded: boolean;
}

/** SSM Parameter Store in memory. */
export class ParameterStore {
  private readonly parameters = new Map<string, StoredParameter>();

  constructor(private readonly now: () => number) {}

  get(name: string): StoredParameter | undefined {
    return this.parameters.get(name);
  }

  list(): readonly StoredParameter[] {
    return [...this.parameters.values()];
  }

  put(name: string, value: string, type: StoredParameter['type'] = 'String', seeded = false): StoredParameter {
    const version = (this.parameters.get(name)?.version ?? 0) + 1;
    const parameter = { name, type, value, version, lastModified: new Date(this.now()), seeded };
    this.parameters.set(name, parameter);
    return parameter;
  }

  remove(name: string): boolean {
    return this.parameters.delete(name);
  }
}
