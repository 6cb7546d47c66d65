# Judges recorded requests by AWS's own models: each line is {"target", "body"} of the JSON protocol.
# Prints one line for each that the model does not allow, and the count of those that it does.
import json
import sys

import botocore.session
from botocore.validate import ParamValidator

session = botocore.session.get_session()
models = {}
for name in ['ecs', 'ssm', 'secretsmanager', 'logs', 'ecr', 'application-autoscaling']:
    model = session.get_service_model(name)
    models[model.metadata['targetPrefix']] = model

allowed = 0
for line in sys.stdin:
    asked = json.loads(line)
    prefix, operation = asked['target'].rsplit('.', 1)
    shape = models[prefix].operation_model(operation).input_shape
    report = ParamValidator().validate(json.loads(asked['body'] or '{}'), shape)
    if report.has_errors():
        print(f'{operation}: {report.generate_report()}')
    else:
        allowed += 1
print(f'{allowed} allowed')
