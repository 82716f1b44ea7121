import type { ParameterStore, StoredParameter } from './parameter-store';
import { ServiceError } from '../http/service-error';
import { jsonService, seconds } from '../http/json-service';
import { authorize, type Service } from '../http/service';

export function ssmService(parameters: ParameterStore, region: string, accountId: string): Service {
  const arnOf = (name: string) =>
    `arn:aws:ssm:${region}:${accountId}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
  const described = (parameter: StoredParameter) => ({
    Name: parameter.name,
    Type: parameter.type,
    Value: parameter.value,
    Version: parameter.version,
    LastModifiedDate: seconds(parameter.lastModified),
    ARN: arnOf(parameter.name),
    DataType: 'text',
  });
  const allowed = (identity: Parameters<typeof authorize>[0], action: string, name: string) =>
    authorize(identity, action, arnOf(name), {}, 'AccessDeniedException');
  const notFound = (name: string) => new ServiceError('ParameterNotFound', `Parameter ${name} not found.`);
  return jsonService('ssm', {
    GetParameter: ({ Name }, { identity }) => {
      allowed(identity, 'ssm:GetParameter', String(Name));
      const parameter = parameters.get(String(Name));
      if (!parameter) throw notFound(String(Name));
      return { Parameter: described(parameter) };
    },
    GetParameters: ({ Names }, { identity }) => {
      const names = (Names as string[]) ?? [];
      names.forEach((name) => allowed(identity, 'ssm:GetParameters', name));
      const found = names.flatMap((name) => parameters.get(name) ?? []);
      return { Parameters: found.map(described), InvalidParameters: names.filter((name) => !parameters.get(name)) };
    },
    GetParametersByPath: ({ Path, Recursive }, { identity }) => {
      allowed(identity, 'ssm:GetParametersByPath', String(Path));
      const prefix = String(Path).endsWith('/') ? String(Path) : `${String(Path)}/`;
      return {
        Parameters: parameters
          .list()
          .filter(({ name }) => name.startsWith(prefix) && (Recursive || !name.slice(prefix.length).includes('/')))
          .map(described),
      };
    },
    PutParameter: ({ Name, Value, Type, Overwrite }, { identity }) => {
      allowed(identity, 'ssm:PutParameter', String(Name));
      if (parameters.get(String(Name)) && !Overwrite) {
        throw new ServiceError(
          'ParameterAlreadyExists',
          'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
        );
      }
      return {
        Version: parameters.put(String(Name), String(Value), Type ?? parameters.get(String(Name))?.type).version,
        Tier: 'Standard',
      };
    },
    DeleteParameter: ({ Name }, { identity }) => {
      allowed(identity, 'ssm:DeleteParameter', String(Name));
      if (!parameters.remove(String(Name))) throw notFound(String(Name));
    },
  });
}
