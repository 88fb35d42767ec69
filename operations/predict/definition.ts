import { CANONICAL } from '../../src/series/codes.ts';

export const definition = {
  resourceType: 'OperationDefinition',
  id: 'predict',
  url: `${CANONICAL}/OperationDefinition/predict`,
  version: '1.0.0',
  name: 'Predict',
  title: 'Predict risk',
  status: 'active',
  kind: 'operation',
  description:
    'Runs a prediction model on what is recorded of the patient up to a day, stores the result as a new RiskAssessment and returns it. Its basis cites the versions of the resources that were read; its method names the model and its version; the rationale says what raised and lowered the probability. Where too little is recorded no RiskAssessment is made: the answer is 422 with an OperationOutcome that says what is missing.',
  code: 'predict',
  affectsState: true,
  resource: ['Patient'],
  system: false,
  type: false,
  instance: true,
  parameter: [
    {
      name: 'model',
      use: 'in',
      min: 0,
      max: '1',
      type: 'code',
      documentation: 'Name of the model. Default risk-prediction.',
    },
    {
      name: 'asOf',
      use: 'in',
      min: 0,
      max: '1',
      type: 'dateTime',
      documentation:
        'The day, as the patient’s calendar shows it, on whose evening the prediction is made: nothing later is read. Default today.',
    },
    {
      name: 'return',
      use: 'out',
      min: 1,
      max: '1',
      type: 'RiskAssessment',
      documentation: 'The RiskAssessment as it was stored.',
    },
  ],
} as const;
